"""RFC 6962: the published roots, and proofs that hold for the true tree and for no other."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lenity.domain.evidence import merkle

INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [merkle.leaf_hash(bytes.fromhex(one)) for one in INPUTS]


def _leaves(number: int) -> list[bytes]:
    return [merkle.leaf_hash(str(at).encode()) for at in range(number)]


@pytest.mark.parametrize("size", range(1, 9))
def test_the_published_roots(size: int) -> None:
    assert merkle.root(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_the_empty_tree() -> None:
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 70), st.data())
def test_inclusion_holds_for_the_leaf_and_for_no_other(size: int, data: st.DataObject) -> None:
    leaves = _leaves(size)
    at = data.draw(st.integers(0, size - 1))
    proof, root = merkle.inclusion_proof(leaves, at), merkle.root(leaves)
    assert merkle.includes(leaves[at], at, size, proof, root)
    assert not merkle.includes(merkle.leaf_hash(b"other"), at, size, proof, root)
    assert not merkle.includes(leaves[at], at, size, proof, merkle.leaf_hash(b"root"))
    if proof:
        assert not merkle.includes(leaves[at], at, size, proof[:-1], root)
    assert not merkle.includes(leaves[at], at, size, [*proof, root], root)


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 70), st.data())
def test_consistency_holds_for_a_beginning_and_for_nothing_else(size: int, data: st.DataObject) -> None:
    leaves = _leaves(size)
    old = data.draw(st.integers(1, size))
    proof = merkle.consistency_proof(leaves, old)
    old_root, root = merkle.root(leaves[:old]), merkle.root(leaves)
    assert merkle.is_consistent(old, old_root, size, root, proof)
    assert not merkle.is_consistent(old, merkle.leaf_hash(b"x"), size, root, proof)
    assert not merkle.is_consistent(old, old_root, size, merkle.leaf_hash(b"x"), proof)


@given(st.integers(0, 60))
def test_appending_one_by_one_gives_the_same_root(size: int) -> None:
    edge = merkle.Range()
    for leaf in _leaves(size):
        edge.append(leaf)
    assert edge.root() == merkle.root(_leaves(size))
    assert edge.size == size


@pytest.mark.parametrize(("size", "at"), [(3, 3), (3, -1), (0, 0)])
def test_a_position_outside_is_refused(size: int, at: int) -> None:
    with pytest.raises(IndexError):
        merkle.inclusion_proof(_leaves(size), at)


A, B, C = (
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
)
E, F = (
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
)


@pytest.mark.parametrize(
    ("position", "size", "path"),
    [(0, 1, []), (0, 8, [A, B, C]), (5, 8, [E, F, ROOTS[3]]), (2, 3, [ROOTS[1]]), (1, 5, [ROOTS[0], B, E])],
)
def test_the_published_audit_paths(position: int, size: int, path: list[str]) -> None:
    assert [step.hex() for step in merkle.inclusion_proof(LEAVES[:size], position)] == path


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        (1, 1, []),
        (1, 8, [A, B, C]),
        (6, 8, ["0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a", F, ROOTS[3]]),
        (2, 5, [B, E]),
    ],
)
def test_the_published_consistency_proofs(old: int, new: int, path: list[str]) -> None:
    from lenity.domain.evidence import verifier

    proof = merkle.consistency_proof(LEAVES[:new], old)
    assert [step.hex() for step in proof] == path
    roots = bytes.fromhex(ROOTS[old - 1]), bytes.fromhex(ROOTS[new - 1])
    assert merkle.is_consistent(old, roots[0], new, roots[1], proof)
    assert verifier.is_beginning(old, roots[0], new, roots[1], proof)


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 130))
def test_a_whole_tree_gives_the_same_proofs(size: int) -> None:
    leaves = _leaves(size)
    tree = merkle.Tree(leaves)
    for position in range(size):
        assert tree.inclusion_proof(position) == merkle.inclusion_proof(leaves, position)


@pytest.mark.parametrize("position", [-1, 3])
def test_a_leaf_that_is_not_there_has_no_proof(position: int) -> None:
    with pytest.raises(IndexError):
        merkle.Tree(_leaves(3)).inclusion_proof(position)
