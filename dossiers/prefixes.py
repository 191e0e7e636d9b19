"""Tussenvoegsels that are offered while typing; any other may be typed too.

Source: BRP Landelijke tabel 36, the part of at most ten characters (rulebook 7.1).
"""

_LIST = """
    aan, aan de, aan den, aan der, aan het, aan 't, af, al, am, auf, auf dem, auf den, auf der,
    aus, aus dem, aus der, ben, bij, bij de, bij den, bij het, bij 't, bin, boven d', d', da, dal,
    dalla, das, de, de die, de die le, de l', de la, de las, de le, de van der, degli, dei, del,
    della, den, der, des, di, die le, do, don, dos, du, el, het, i, im, in, in de, in den, in der,
    in het, in 't, l', la, las, le, les, lo, los, onder, onder de, onder den, onder het, onder 't,
    op, op de, op den, op der, op gen, op het, op 't, op ten, over, over de, over den, over het,
    over 't, 's, 't, te, ten, ter, tho, thoe, to, toe, tot, uijt, uijt de, uijt den, uijt 't, uit,
    uit de, uit den, uit het, uit 't, uit ten, unter, van, van de, van de l', van den, van der,
    van gen, van het, van la, van 't, van ter, van van de, ver, vom, von, von dem, von den, von
    der, voor, voor de, voor den, voor 't, vor, vor der, zu, zum, zur
"""
PREFIXES = tuple(" ".join(_LIST.split()).split(", "))


def split_prefixes(name: str) -> tuple[str, str]:
    """ "van den Berg" is ("van den", "Berg"); the longest prefixes that are known, in any case."""
    words = name.split()
    for count in range(min(len(words) - 1, 4), 0, -1):
        prefixes = " ".join(words[:count]).lower()
        if prefixes in PREFIXES:
            return prefixes, " ".join(words[count:])
    return "", name
