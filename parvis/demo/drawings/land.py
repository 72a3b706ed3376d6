"""Drawings of what grows, flies, flows and shines."""

import math
from random import Random

from parvis.demo.drawings.sheet import HEIGHT, WIDTH, Ink, Point, Sheet, around, curve


def forest(sheet: Sheet, ink: Ink, chance: Random) -> None:
    """A forest in three planes, under a large sun."""
    sheet.disc(ink.bright, chance.uniform(300, 1300), chance.uniform(200, 290), 130)
    for plane, (foot, colour, size) in enumerate(((560, ink.back, 150), (720, ink.other, 190), (900, ink.main, 240))):
        x = chance.uniform(-120, 0)
        sheet.wave(colour, foot, 26, chance.uniform(900, 1500), shift=chance.uniform(0, 900))
        while x < WIDTH + 100:
            tall = size * chance.uniform(0.9, 1.35)
            trunk = ink.pale if plane == 2 else colour
            sheet.bar(trunk, x - size * 0.05, foot - tall, x + size * 0.05, foot + 30)
            if chance.random() < 0.55:
                for tier in range(3):
                    wide, top = size * (0.5 - tier * 0.11), foot - tall * (0.42 + tier * 0.36)
                    sheet.shape(colour, (x - wide, top), (x + wide, top), (x, top - tall * 0.56))
            else:
                sheet.oval(colour, x, foot - tall * 1.05, size * 0.86, tall * 1.2)
                if plane == 2:
                    sheet.line(trunk, size * 0.05, (x, foot - tall * 0.7), (x + size * 0.2, foot - tall * 1.05))
                    sheet.line(trunk, size * 0.05, (x, foot - tall * 0.9), (x - size * 0.17, foot - tall * 1.25))
            x += size * chance.uniform(0.75, 1.35)


def birds(sheet: Sheet, ink: Ink, chance: Random) -> None:
    """Birds on wires, one of them flying off."""
    sheet.disc(ink.back, chance.uniform(400, 1200), 430, 330)
    for wire in range(3):
        y = 250 + wire * 230
        sag = curve((-20, y), (800, y + chance.uniform(30, 110)), (WIDTH + 20, y), 40)
        sheet.line(ink.main, 8, *sag)
        place = chance.randrange(2, 7)
        while place < 39:
            x, foot = sag[place]
            _bird(sheet, ink, chance, x, foot - 4, chance.uniform(0.8, 1.25))
            place += chance.randrange(4, 11)
    free, high = chance.uniform(200, 1300), 110.0
    sheet.shape(ink.other, (free - 150, high - 60), (free + 10, high + 10), (free - 30, high + 60))
    sheet.shape(ink.other, (free + 150, high - 80), (free - 10, high + 10), (free + 30, high + 60))
    sheet.oval(ink.other, free, high + 30, 130, 62)


def _bird(sheet: Sheet, ink: Ink, chance: Random, x: float, foot: float, size: float) -> None:
    """One that stands on a wire, looking left or right."""
    look = chance.choice((-1, 1))
    body = chance.choice((ink.other, ink.pale, ink.bright, ink.main))
    sheet.shape(
        body, (x - look * 30 * size, foot - 60 * size), (x - look * 112 * size, foot + 46 * size), (x, foot - 20 * size)
    )
    sheet.oval(body, x, foot - 52 * size, 86 * size, 108 * size, tilt=look * 14)
    sheet.disc(body, x + look * 22 * size, foot - 108 * size, 38 * size)
    beak = ink.bright if body != ink.bright else ink.other
    top = foot - 108 * size
    sheet.shape(
        beak,
        (x + look * 54 * size, top - 14 * size),
        (x + look * 88 * size, top),
        (x + look * 54 * size, top + 14 * size),
    )
    sheet.disc(ink.ground if body != ink.pale else ink.main, x + look * 32 * size, top - 8 * size, 6 * size)


def sky(sheet: Sheet, ink: Ink, chance: Random) -> None:
    """A telescope and a constellation."""
    for _ in range(70):
        x, y = chance.uniform(0, WIDTH), chance.uniform(0, 640)
        sheet.disc(ink.back if chance.random() < 0.5 else ink.pale, x, y, chance.uniform(2, 6))
    stars: list[Point] = []
    x = chance.uniform(520, 620)
    while x < 1520 and len(stars) < 7:
        stars.append((x, chance.uniform(90, 420)))
        x += chance.uniform(110, 200)
    sheet.line(ink.back, 6, *stars)
    for star in stars:
        sheet.star(ink.bright, *star, chance.uniform(30, 54))
    sheet.disc(ink.pale, 1360, chance.uniform(520, 580), 90)
    sheet.disc(ink.ground, 1404, 510, 82)
    sheet.wave(ink.main, 760, 40, 1500, shift=chance.uniform(0, 1500))
    tilt = chance.uniform(-0.72, -0.5)
    for near, far, width, colour in ((-170, 40, 70, ink.other), (20, 200, 96, ink.pale), (190, 250, 120, ink.other)):
        ends = [(330 + reach * math.cos(tilt), 560 + reach * math.sin(tilt)) for reach in (near, far)]
        dx, dy = width / 2 * math.sin(tilt), width / 2 * -math.cos(tilt)
        (x1, y1), (x2, y2) = ends
        sheet.shape(colour, (x1 + dx, y1 + dy), (x2 + dx, y2 + dy), (x2 - dx, y2 - dy), (x1 - dx, y1 - dy))
    for leg in (-150, 0, 150):
        sheet.line(ink.other, 18, (330, 580), (330 + leg, 850))
    sheet.disc(ink.bright, 330, 574, 34)


def river(sheet: Sheet, ink: Ink, chance: Random) -> None:
    """A canoe on a river."""
    sheet.disc(ink.bright, chance.uniform(250, 1350), chance.uniform(160, 240), 100)
    sheet.wave(ink.back, 330, 46, chance.uniform(800, 1300), shift=chance.uniform(0, 900))
    for reed in range(26):
        x = reed * 66 + chance.uniform(-20, 20)
        top = chance.uniform(260, 340)
        sheet.line(ink.main, 8, (x, 460), (x + chance.uniform(-20, 20), top))
        sheet.oval(ink.other, x + 2, top, 18, 62)
    for band, colour in enumerate((ink.pale, ink.main, ink.other, ink.back)):
        sheet.wave(colour, 450 + band * 120, 16 + band * 4, 360 + band * 90, shift=chance.uniform(0, 500))
        if band == 1:
            _canoe(sheet, ink, chance)


def _canoe(sheet: Sheet, ink: Ink, chance: Random) -> None:
    """Two people paddling, half hidden by the next wave."""
    x, look = chance.uniform(560, 1040), chance.choice((-1, 1))
    for seat, shirt in ((-110, ink.other), (100, ink.back)):
        sheet.bar(shirt, x + seat - 40, 480, x + seat + 40, 600, corner=30)
        sheet.disc(ink.bright, x + seat, 440, 40)
        sheet.line(ink.pale, 12, (x + seat + look * 60, 440), (x + seat - look * 40, 690))
    hull = [(x - 330, 550), (x - 240, 640), (x + 240, 640), (x + 330, 550), (x + 230, 590), (x - 230, 590)]
    sheet.shape(ink.bright, *hull)


def mushrooms(sheet: Sheet, ink: Ink, chance: Random) -> None:
    """Mushrooms of all sizes at the foot of a trunk."""
    trunk = chance.uniform(200, 1300)
    sheet.shape(ink.back, (trunk - 90, 0), (trunk + 90, 0), (trunk + 190, HEIGHT), (trunk - 190, HEIGHT))
    for fern in range(9):
        x = fern * 200 + chance.uniform(-60, 60)
        for leaf in range(5):
            end = (x + (leaf - 2) * 80, 640 - (2 - abs(leaf - 2)) * 60)
            sheet.line(ink.back, 14, *curve((x, 800), (x + (leaf - 2) * 20, 660), end, 12))
    sheet.wave(ink.main, 770, 24, 900, shift=chance.uniform(0, 900))
    x = chance.uniform(90, 180)
    while x < 1540:
        size = chance.uniform(70, 190)
        foot = chance.uniform(800, 850)
        cap = chance.choice((ink.other, ink.bright))
        top = foot - size * chance.uniform(1.2, 1.9)
        sheet.shape(
            ink.pale, (x - size * 0.2, top), (x + size * 0.2, top), (x + size * 0.32, foot), (x - size * 0.32, foot)
        )
        if chance.random() < 0.7:
            sheet.dome(cap, x, top + 10, size)
            sheet.oval(ink.pale, x, top + 10, size * 2, size * 0.3)
            sheet.oval(cap, x, top, size * 2, size * 0.3)
            for spot in range(4):
                sheet.disc(ink.pale, x + (spot - 1.5) * size * 0.44, top - size * (0.34 + 0.3 * (spot % 2)), size * 0.1)
        else:
            sheet.shape(cap, (x - size * 0.8, top + 30), (x, top - size * 1.1), (x + size * 0.8, top + 30))
        x += size * chance.uniform(1.6, 2.3)


def trail(sheet: Sheet, ink: Ink, chance: Random) -> None:
    """A path winds up between hills, a signpost beside it."""
    sheet.disc(ink.bright, chance.uniform(250, 1350), chance.uniform(150, 240), 110)
    sheet.wave(ink.back, 440, 100, chance.uniform(1000, 1500), shift=chance.uniform(0, 1500))
    sheet.wave(ink.other, 560, 70, chance.uniform(1300, 1900), shift=chance.uniform(0, 1500))
    sheet.wave(ink.main, 690, 40, 2400, shift=chance.uniform(0, 1500))
    start, swing = chance.uniform(500, 1100), chance.choice((-1, 1))
    width = 150.0
    x, y = start, 930.0
    for turn in range(3):
        end = (800 + swing * (260 - turn * 90) * (1 if turn % 2 else -1), y - 130 + turn * 16)
        for near in curve((x, y), (x + swing * 200 * (-1 if turn % 2 else 1), y - 60), end, 60):
            sheet.oval(ink.pale, *near, width, width * 0.5)
            width = max(width * 0.986, 18)
        x, y = end
    post = 240 if start > 800 else 1300
    sheet.bar(ink.pale, post, 430, post + 28, 860)
    for board, colour in ((460, ink.bright), (560, ink.pale)):
        look = chance.choice((-1, 1))
        sheet.shape(
            colour,
            (post + 14 - look * 90, board),
            (post + 14 + look * 130, board),
            (post + 14 + look * 180, board + 38),
            (post + 14 + look * 130, board + 76),
            (post + 14 - look * 90, board + 76),
        )


def kites(sheet: Sheet, ink: Ink, chance: Random) -> None:
    """Kites above hills."""
    for cloud, height in ((200, 200), (700, 130), (1250, 260)):
        for puff in range(3):
            sheet.oval(ink.back, cloud + puff * 70 + chance.uniform(-60, 60), height + 20 * (puff % 2), 190, 84)
    sheet.wave(ink.main, 740, 50, chance.uniform(1100, 1700), shift=chance.uniform(0, 1000))
    for place in range(4):
        x, y = 230 + place * 370 + chance.uniform(-70, 70), chance.uniform(150, 400)
        size, lean = chance.uniform(90, 140), chance.uniform(-0.4, 0.4)
        hand = (x + chance.uniform(-160, 160), 770.0)
        sheet.line(ink.pale, 5, *curve((x, y), (x - 60, 600), hand, 30))
        top, right, low, left = (
            (x + r * math.sin(lean + a), y - r * math.cos(lean + a))
            for a, r in ((0, size), (math.pi / 2, size * 0.7), (math.pi, size * 1.5), (-math.pi / 2, size * 0.7))
        )
        light, deep = chance.sample((ink.other, ink.bright, ink.pale), 2)
        sheet.shape(light, top, right, low, left)
        sheet.shape(deep, top, right, (x, y))
        sheet.shape(deep, low, left, (x, y))
        tail = curve(low, (low[0] + 90, low[1] + 60), (low[0] - 20, low[1] + 150), 18)
        sheet.line(ink.pale, 5, *tail)
        for bow in (6, 12, 18):
            sheet.star(light, *tail[bow], 24, points=2, waist=0.1)
        sheet.disc(ink.bright, hand[0], hand[1] - 40, 22)
        sheet.dome(ink.other, hand[0], hand[1] + 30, 42)


def seedlings(sheet: Sheet, ink: Ink, chance: Random) -> None:
    """Rows of seedlings and a watering can."""
    sheet.disc(ink.bright, chance.uniform(250, 700), 190, 110)
    for row in range(4):
        top = 480 + row * 130
        sheet.wave(ink.main if row % 2 else ink.back, top, 10, 500, shift=chance.uniform(0, 500))
        kind = chance.randrange(3)
        for place in range(13 - row):
            x = place * (128.0 + row * 12) + (row % 2) * 60 + 20
            tall = (64 + row * 18) * chance.uniform(0.7, 1.2)
            leaf = ink.other if row % 2 else ink.pale
            sheet.line(leaf, 9, (x, top + 20), (x, top - tall))
            for side in (-1, 1):
                if kind == 0:
                    sheet.oval(leaf, x + side * tall * 0.36, top - tall, tall * 0.72, tall * 0.34, tilt=side * -24)
                elif kind == 1:
                    sheet.shape(
                        leaf, (x, top - tall * 0.5), (x + side * tall * 0.5, top - tall * 1.1), (x, top - tall * 1.2)
                    )
                else:
                    sheet.oval(leaf, x + side * tall * 0.2, top - tall * 0.9, tall * 0.3, tall * 0.8, tilt=side * 24)
    x = chance.uniform(950, 1150)
    sheet.shape(ink.other, (x, 130), (x + 230, 130), (x + 260, 380), (x - 30, 380))
    sheet.shape(ink.other, (x - 20, 340), (x - 170, 150), (x - 130, 130), (x + 20, 270))
    sheet.shape(ink.bright, (x - 200, 170), (x - 120, 100), (x - 96, 124), (x - 176, 194))
    sheet.line(ink.other, 24, *curve((x + 220, 150), (x + 420, 200), (x + 250, 350), 24))
    for drop in range(7):
        sheet.oval(ink.pale, x - 240 - drop % 3 * 34, 220 + drop * 32, 14, 34, tilt=20)


def panels(sheet: Sheet, ink: Ink, chance: Random) -> None:
    """Solar panels on a roof, facing the sun."""
    x, y = chance.uniform(220, 420), 200.0
    for tip in around(x, y, 190, 16, start=chance.uniform(0, 22)):
        sheet.line(ink.bright, 14, (x, y), tip)
    sheet.disc(ink.ground, x, y, 138)
    sheet.disc(ink.bright, x, y, 112)
    sheet.wave(ink.back, 640, 40, 1300, shift=chance.uniform(0, 1300))
    left = chance.uniform(330, 480)
    sheet.bar(ink.pale, left + 60, 560, left + 960, HEIGHT)
    sheet.shape(ink.main, (left + 160, 260), (left + 1020, 260), (left + 1090, 640), (left, 640))
    for row in range(3):
        for column in range(5):
            near, far = 300 + row * 104, 384 + row * 104
            points = []
            for depth, side in ((near, 0), (near, 1), (far, 1), (far, 0)):
                share = (depth - 260) / 380
                start, end = left + 160 - 160 * share, left + 1020 + 70 * share
                points.append((start + (end - start) * (0.05 + (column + side * 0.88) * 0.182), depth))
            sheet.shape(ink.other if (row + column) % 5 else ink.bright, *points)
    for window in range(3):
        sheet.bar(ink.other, left + 160 + window * 270, 710, left + 300 + window * 270, HEIGHT)


def dogs(sheet: Sheet, ink: Ink, chance: Random) -> None:
    """Three dogs of different sizes on a walk."""
    sheet.disc(ink.back, chance.uniform(300, 1300), 420, 330)
    sheet.bar(ink.pale, 0, 760, WIDTH, HEIGHT)
    for place, size in enumerate(chance.sample((0.7, 1.0, 1.25), 3)):
        x, look = 260 + place * 480, 1
        coat = (ink.main, ink.other, ink.bright)[place]
        long = chance.uniform(250, 330) * size
        back = 780 - 250 * size
        for leg in (0.06, 0.2, 0.76, 0.9):
            sheet.bar(
                coat, x - long / 2 + long * leg - 18 * size, back + 60, x - long / 2 + long * leg + 18 * size, 790
            )
        sheet.bar(coat, x - long / 2, back, x + long / 2, back + 130 * size, corner=60 * size)
        head = x + look * (long / 2 + 30 * size)
        sheet.line(coat, 74 * size, (x + look * (long / 2 - 50 * size), back + 50 * size), (head, back - 70 * size))
        sheet.disc(coat, head, back - 86 * size, 70 * size)
        sheet.bar(coat, head, back - 100 * size, head + 130 * size, back - 34 * size, corner=28 * size)
        ear = ink.ground if coat == ink.main else ink.main
        sheet.oval(ear, head - 30 * size, back - 70 * size, 52 * size, 120 * size, tilt=chance.choice((12, 24)))
        sheet.disc(ear, head + 30 * size, back - 108 * size, 10 * size)
        sheet.disc(ear, head + 128 * size, back - 84 * size, 17 * size)
        sheet.line(
            coat,
            26 * size,
            (x - long / 2 + 24, back + 40 * size),
            (x - long / 2 - 70 * size, back - chance.uniform(20, 130) * size),
        )
        sheet.line(ink.pale, 12 * size, (head - 56 * size, back - 10 * size), (head - 4 * size, back + 18 * size))
        sheet.line(ink.pale, 6, *curve((head - 30 * size, back), (x, back - 260), (x - 60, -10), 30))
