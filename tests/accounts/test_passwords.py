from appliance.accounts.passwords import generate_password, hash_password, verify_password


def test_only_the_right_password_is_accepted() -> None:
    hashed = hash_password("correct horse")
    assert hashed.startswith("$argon2id$")
    assert verify_password(hashed, "correct horse")
    assert not verify_password(hashed, "correct hors")
    assert not verify_password(hashed, "")


def test_an_account_without_a_usable_hash_accepts_none() -> None:
    assert not verify_password(None, "")
    assert not verify_password("not a hash", "not a hash")


def test_an_endless_password_is_refused_without_work() -> None:
    assert not verify_password(hash_password("a"), "a" * 10_000_000)


def test_generated_passwords_differ() -> None:
    assert len({generate_password() for _ in range(100)}) == 100
