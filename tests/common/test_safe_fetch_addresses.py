"""Which addresses may be reached."""

from ipaddress import ip_address

import pytest

from common.safe_fetch import NotFetchable, is_public, parse_allowance, vet


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "93.184.216.34", "1.1.1.1", "2606:4700:4700::1111", "2a00:1450:4001::200e", "64:ff9b::808:808"],
)
def test_public_addresses_may_be_reached(address):
    assert is_public(ip_address(address))
    assert vet([address], port=443) == [address]


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "0.1.2.3",
        "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1",
        "100.64.0.1", "100.100.100.200",
        "127.0.0.1", "127.255.255.254",
        "169.254.169.254", "169.254.170.2",
        "192.0.0.8", "192.0.0.192", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
        "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:10.0.0.1",
        "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1",
        "100::1", "5f00::1",
        "2001::1", "2001:2::1", "2001:10::1", "2001:db8::1", "3fff::1",
        "2002:7f00:1::", "2002:a9fe:a9fe::", "2002:808:808::",
        "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808",
        "2606:4700::5efe:7f00:1", "2606:4700::200:5efe:808:808",
    ],
)  # fmt: skip
def test_addresses_that_are_not_the_open_internet_are_refused(address):
    assert not is_public(ip_address(address))
    with pytest.raises(NotFetchable):
        vet([address], port=80)


def test_one_private_address_spoils_a_name_with_public_ones():
    with pytest.raises(NotFetchable):
        vet(["8.8.8.8", "10.0.0.1"], port=443)


@pytest.mark.parametrize("port", [22, 25, 81, 6379, 9000])
def test_only_the_ports_of_the_web_are_reached(port):
    with pytest.raises(NotFetchable):
        vet(["8.8.8.8"], port=port)


def test_a_name_without_addresses_is_refused():
    with pytest.raises(NotFetchable):
        vet([], port=443)


def test_the_operator_may_name_a_private_network_with_its_ports():
    allow = ["127.0.0.1/32:9000-9999", "[fd00::]/8:443"]

    assert vet(["127.0.0.1"], port=9000, allow=allow) == ["127.0.0.1"]
    assert vet(["::ffff:127.0.0.1"], port=9999, allow=allow) == ["127.0.0.1"]
    assert vet(["fd00::7"], port=443, allow=allow) == ["fd00::7"]


@pytest.mark.parametrize(
    ("address", "port"), [("127.0.0.1", 8999), ("127.0.0.1", 80), ("127.0.0.2", 9000), ("fd00::7", 80), ("::1", 9000)]
)
def test_what_the_operator_did_not_name_stays_refused(address, port):
    with pytest.raises(NotFetchable):
        vet([address], port=port, allow=["127.0.0.1/32:9000-9999", "[fd00::]/8:443"])


@pytest.mark.parametrize(
    "entry", ["", "127.0.0.1", "127.0.0.1/32", "127.0.0.1/32:", "127.0.0.1/8:80", "localhost/32:80", "127.0.0.1/32:90-80",
              "127.0.0.1/32:0", "127.0.0.1/32:70000", "*:80", "127.0.0.1/33:80"],
)  # fmt: skip
def test_an_allowance_that_says_too_little_is_refused(entry):
    with pytest.raises(ValueError):
        parse_allowance(entry)
