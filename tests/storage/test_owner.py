"""A process is taken for dead only when it certainly is."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

from storage.owner import Owner


def test_this_process_lives() -> None:
    me = Owner.here("r1")
    assert not me.gone
    assert not replace(me, boot=me.boot.partition("/")[0]).gone  # whoever wrote it knew the boot only
    assert not replace(me, boot="").gone
    assert Owner.from_json(me.to_json()) == me


def test_a_process_that_was_waited_for_or_only_killed_is_gone() -> None:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as child:
        owner = replace(Owner.here("r1"), pid=child.pid, boot="")
        assert not owner.gone
        child.kill()
        while child.poll() is None and not owner.gone:
            pass
        child.wait()
    assert owner.gone


def test_a_pid_that_was_given_away_again_is_another_process() -> None:
    me = Owner.here("r1")
    assert replace(me, boot=me.boot + "9").gone
    assert replace(me, boot="another-boot/1").gone


def test_nothing_is_known_of_another_hosts_processes() -> None:
    assert not Owner("r1", "elsewhere", 2**22 + 1, "").gone
