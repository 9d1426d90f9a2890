"""What a web process imports of this room stays free of decoders: they live in the child and in workers."""

import subprocess
import sys

SCRIPT = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()
import media.expiry, media.intake, media.links, media.moderation, media.provenance, media.renditions, media.serve
import media.store, media.urls
print(sorted({name.partition(".")[0] for name in sys.modules} & {"PIL", "av", "cv2", "numpy", "pi_heif", "torch"}))
"""


def test_no_decoder_is_loaded_with_the_room():
    ended = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, check=False, text=True)

    assert (ended.stdout, ended.stderr) == ("[]\n", "")
