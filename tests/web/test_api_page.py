"""`/docs/api`: the OpenAPI document as a page, complete and without a single script."""

import re
from html.parser import HTMLParser

import pytest
from django.utils import timezone

from catalogue import offers
from catalogue.models import Price, Trainer, VideoModel
from dialects.astria.openapi import document
from dialects.astria.schema import FIELDS, FLAGS
from engines.motion.engine import IMAGE_OPTIONS
from prompts import syntax
from web.docs import reference


class Page(HTMLParser):
    """What the tests ask of a page: its headings, links, ids and loaded files, in order."""

    def __init__(self, html):
        super().__init__()
        self.headings, self.links, self.ids, self.loads, self.tags = [], [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.tags.append(tag)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "a":
            self.links.append(given["href"])
        if "id" in given:
            self.ids.append(given["id"])
        self.loads += [given[name] for name in ("src",) if name in given]
        self.loads += [given["href"]] if tag == "link" else []


@pytest.fixture
def html(client, db):
    return client.get("/docs/api").content.decode()


@pytest.fixture
def page(html):
    return Page(html)


@pytest.fixture
def told(db):
    return document(origin="http://testserver", now=timezone.now())


def test_it_shows_every_operation_with_its_path_and_its_calls(html, page, told):
    every = [(path, operation) for path, item in told["paths"].items() for operation in item.values()]

    for path, operation in every:
        assert operation["operationId"] in page.ids
        assert path.replace("/", "/<wbr>") in html
    assert html.count('class="sample"') == 3 * (len(every) + 2)


def test_every_method_is_named_in_the_contents_and_at_its_operation(html, told):
    methods = [method for item in told["paths"].values() for method in item]

    assert set(methods) == set(reference.METHODS)
    for method in set(methods):
        named = html.count(f'<span class="method {method}">{method.upper()}</span>')
        assert named == 3 * methods.count(method)  # the rail, the drawer, the operation


def test_it_shows_every_field_and_every_property(html, told):
    names = {field.name for field in FIELDS} | {"generate_audio", "source_image_url", "image_reference_urls"}
    names |= set(told["components"]["schemas"]["Prompt"]["properties"])

    for name in names:
        assert f"<code>{name}</code>" in html


def test_it_shows_every_flag_that_acts_on_the_preview_engine(html):
    acting = set(syntax.read(" ".join(f"--{name} 1" for name in sorted(IMAGE_OPTIONS))).flags)

    assert {flag.name for flag in FLAGS} == acting
    for name in acting:
        assert f"<code>--{name}</code>" in html


def test_it_shows_every_model_on_offer_with_its_price(html):
    shown = re.findall(r"<code>(\w+)</code></th>\s*<td[^>]*>([^<]+)</td>", html)

    assert len(shown) == 53
    assert ("seedance_v15_720p", "14¢") in shown
    assert ("kling30_motion_control_pro", "370¢") in shown
    assert ("1504944", "2.875¢") in shown
    assert ("seedvr2", "0¢ a second") in shown
    assert ("lora", "0.5¢ a step") in shown
    assert ("faceid", "0¢") in shown


def test_each_ticket_has_the_least_price_of_what_it_buys(html):
    tickets = re.findall(
        r'<section class="operation pair" id="(\w+)".*?<p class="(ticket|route)">(.*?)</p>', html, re.DOTALL
    )
    costs = {id_: re.findall(r'class="cost">([^<]+)<', inner) for id_, kind, inner in tickets if kind == "ticket"}

    assert costs == {
        "createTunePrompt": ["from 2.875¢"],
        "createPrompt": ["from 2.875¢"],
        "duplicateTunePrompt": ["from 2.875¢"],
        "duplicatePrompt": ["from 2.875¢"],
        "createTune": ["training from 150¢"],
        "runPack": [],  # depends on the pack
    }


def test_a_new_price_of_training_shows_on_its_ticket(client, db):
    Price.objects.create(row=Trainer.objects.get(name="lora_training"), base_cost_cents="0.25", from_at=timezone.now())
    offers.forget()

    html = client.get("/docs/api").content.decode()

    assert '<span class="cost">training from 75¢</span>' in html


def test_a_new_price_shows_from_its_moment_on(client, db):
    row = VideoModel.objects.get(name="wan22_fast_480p")
    Price.objects.create(row=row, base_cost_cents="7.5", from_at=timezone.now())
    offers.forget()

    html = client.get("/docs/api").content.decode()

    assert re.search(r"wan22_fast_480p</code></th>\s*<td[^>]*>7\.5¢</td>", html)


def test_models_that_are_stood_in_for_say_so(html):
    assert html.count('<span class="badge">preview</span>') == 53
    assert "<strong>Preview engine.</strong>" in html


def test_every_refusal_of_the_document_is_explained_with_its_body(html, page, told):
    for name in told["components"]["responses"]:
        assert name in page.ids
    assert "Not enough balance. Add funds to continue." in html
    assert "HTTP Token: Access denied." in html


def test_a_list_says_where_its_own_offset_ends(html):
    said = re.findall(r'<a href="#TooDeep">(.*?)</a>', html)

    assert len(said) == 8
    assert said.count("<code>offset</code> ends at 1,000 here; page on with <code>before_id</code>.") == 5


def test_every_link_inside_the_page_leads_somewhere_and_no_id_stands_twice(page):
    inside = {link.removeprefix("#") for link in page.links if link.startswith("#")}

    assert inside <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


def test_headings_go_down_one_level_at_a_time(page):
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(page.headings, page.headings[1:], strict=False))


def test_it_loads_only_its_own_files_and_no_script(page):
    assert all(file.startswith("/static/") for file in page.loads)
    assert {"script", "iframe", "style"}.isdisjoint(page.tags)


def test_the_first_link_skips_to_the_text(page):
    assert page.links[0] == "#main"
    assert "main" in page.ids


def test_the_shortened_answer_of_the_start_holds_real_properties_only(html, told):
    shortened = html.partition("shortened</figcaption>")[2].partition("</pre>")[0]
    names = re.findall(r"^  &quot;(\w+)&quot;:|^  \"(\w+)\":", shortened, re.MULTILINE)

    assert len(names) == 7
    assert {first or second for first, second in names} <= set(told["components"]["schemas"]["Prompt"]["properties"])


def test_its_policy_lets_nothing_run_and_nothing_in_from_elsewhere(client, db):
    policy = client.get("/docs/api")["Content-Security-Policy"]

    assert policy == (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


def test_examples_speak_of_the_host_that_was_asked(client, db, settings):
    settings.ALLOWED_HOSTS = ["clips.example.com"]

    html = client.get("/docs/api", headers={"Host": "clips.example.com"}).content.decode()

    assert "export BASE_URL=http://clips.example.com\n" in html


@pytest.mark.django_db
def test_with_nothing_on_offer_it_still_answers(client, no_catalogue):
    answer = client.get("/docs/api")

    assert answer.status_code == 200
    assert "badge" not in answer.content.decode()
    assert 'class="cost"' not in answer.content.decode()
