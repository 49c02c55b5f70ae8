"""Keys of people, encryption and masks."""

from __future__ import annotations

import re
from datetime import date

import pytest
from cryptography.fernet import Fernet, InvalidToken
from hypothesis import example, given
from hypothesis import strategies as st

from xiezuo.base.settings import Settings
from xiezuo.values import contains_identity_number
from xiezuo.values.privacy import Privacy, content_id, letters
from xiezuo_sample.codes import identity_number

PRIVACY = Privacy(b"k" * 32, Fernet.generate_key().decode())
NUMBER = identity_number(7, date(1990, 1, 8))


def test_a_person_key_follows_from_number_and_installation() -> None:
    """The same here, another elsewhere; nothing of the number shows in it."""
    assert PRIVACY.person_key(NUMBER) == PRIVACY.person_key(NUMBER)
    assert PRIVACY.person_key(NUMBER) != Privacy(b"o" * 32, Fernet.generate_key().decode()).person_key(NUMBER)
    assert re.fullmatch("[a-p]{32}", PRIVACY.person_key(NUMBER))


def test_what_is_sealed_opens_only_with_the_key() -> None:
    sealed = PRIVACY.seal({"number": NUMBER, "born": date(1990, 1, 8)})
    assert NUMBER.encode() not in sealed
    assert PRIVACY.unseal(sealed) == {"number": NUMBER, "born": "1990-01-08"}
    with pytest.raises(InvalidToken):
        Privacy(b"k" * 32, Fernet.generate_key().decode()).unseal(sealed)


@given(st.text(max_size=20), st.text(max_size=20))
def test_no_number_survives_a_mask(before: str, after: str) -> None:
    """Whatever stands around it, and masking twice changes nothing."""
    masked = PRIVACY.mask(f"{before}，{NUMBER}，{after}")
    assert not contains_identity_number(masked)
    assert NUMBER not in masked
    assert PRIVACY.mask(masked) == masked


def test_a_mask_keeps_the_rest_and_tells_people_apart() -> None:
    other = identity_number(8, date(1990, 1, 8))
    one, again, two = (PRIVACY.mask(f"见{n}台账") for n in (NUMBER, NUMBER, other))
    assert one == again != two
    assert one.startswith("见〔证件号")
    assert one.endswith("〕台账")
    assert PRIVACY.mask("2022年9月台账") == "2022年9月台账"


@pytest.mark.parametrize("typed", ["13800138000", "138 0013 8000", "138-0013-8000", "+86 13800138000"])
def test_free_text_keeps_neither_number_nor_telephone(typed: str) -> None:
    masked = PRIVACY.mask_free_text(f"户主{NUMBER}，电话{typed}，已核实")
    assert masked.endswith("，电话〔电话〕，已核实")
    assert not contains_identity_number(masked)
    kept = "订单6917029027641081856，2022年9月，补贴13800元"
    assert PRIVACY.mask_free_text(kept) == kept


@given(
    st.lists(st.text(alphabet=st.characters(exclude_characters="\x1f"), max_size=5), min_size=1, max_size=4)
)
@example(["\ud800", "a"])
def test_an_id_of_parts_keeps_the_parts_apart(parts: list[str]) -> None:
    """Moving a letter from one part to the next is another id; and no id can be taken for a number."""
    found = content_id(*parts)
    assert re.fullmatch("[a-p]{32}", found)
    if len(parts) > 1 and parts[0]:
        assert found != content_id(parts[0][:-1], parts[0][-1] + parts[1], *parts[2:])


def test_letters_are_the_hex_digits_moved() -> None:
    assert letters(bytes.fromhex("0123456789abcdef")) == "abcdefghijklmnop"


def test_keys_are_made_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A second start of the same home opens what the first one sealed."""
    settings = Settings.from_env({"XIEZUO_HOME": str(tmp_path_factory.mktemp("home"))})
    sealed = Privacy.of(settings).seal({"a": 1})
    assert Privacy.of(settings).unseal(sealed) == {"a": 1}
    assert {path.stat().st_mode & 0o777 for path in settings.secrets_dir.iterdir()} == {0o600}
