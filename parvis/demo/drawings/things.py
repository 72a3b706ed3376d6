"""Drawings of tools, machines, sports and games."""

import math
from random import Random

from parvis.demo.drawings.sheet import HEIGHT, WIDTH, Ink, Sheet, around, curve


def tools(sheet: Sheet, ink: Ink, chance: Random) -> None:
    """Tools on the wall of a workshop."""
    for row in range(6):
        for column in range(18):
            sheet.disc(ink.back, 60 + column * 90, 60 + row * 100, 7)
    kinds = [_hammer, _driver, _saw, _spanner, _brush]
    chance.shuffle(kinds)
    for place, hang in enumerate(kinds):
        colours = chance.sample((ink.main, ink.other, ink.bright), 2)
        hang(sheet, ink, colours[0], colours[1], 190 + place * 305 + chance.uniform(-16, 16))
    sheet.bar(ink.main, 0, 720, WIDTH, 770)
    sheet.bar(ink.other, 0, 770, WIDTH, HEIGHT)
    for screw in range(chance.randrange(4, 8)):
        x = 120 + screw * chance.uniform(150, 190)
        sheet.disc(ink.pale, x, 700, 20)
        sheet.line(ink.other, 5, (x - 12, 694), (x + 12, 706))


def _hammer(sheet: Sheet, ink: Ink, handle: str, _grip: str, x: float) -> None:
    sheet.bar(handle, x - 22, 170, x + 22, 640, corner=20)
    sheet.bar(ink.pale, x - 110, 110, x + 70, 210, corner=12)
    sheet.shape(ink.pale, (x + 60, 112), (x + 140, 180), (x + 60, 208))


def _driver(sheet: Sheet, ink: Ink, handle: str, grip: str, x: float) -> None:
    sheet.bar(ink.pale, x - 13, 330, x + 13, 620)
    sheet.shape(ink.pale, (x - 13, 600), (x + 13, 600), (x + 24, 660), (x - 24, 660))
    sheet.bar(handle, x - 52, 110, x + 52, 340, corner=44)
    for groove in (-24, 14):
        sheet.bar(grip, x + groove, 150, x + groove + 12, 310, corner=6)


def _saw(sheet: Sheet, ink: Ink, handle: str, _grip: str, x: float) -> None:
    sheet.shape(ink.pale, (x - 70, 300), (x + 70, 300), (x + 20, 660), (x - 30, 660))
    for tooth in range(9):
        y = 306 + tooth * 38
        edge = x + 70 - tooth * 5.2
        sheet.shape(ink.pale, (edge - 4, y), (edge + 22, y + 19), (edge - 8, y + 38))
    sheet.bar(handle, x - 96, 110, x + 96, 320, corner=50)
    sheet.bar(ink.ground, x - 44, 164, x + 44, 244, corner=36)


def _spanner(sheet: Sheet, ink: Ink, handle: str, _grip: str, x: float) -> None:
    sheet.bar(handle, x - 27, 220, x + 27, 580)
    sheet.disc(handle, x, 180, 84)
    sheet.bar(ink.ground, x - 30, 80, x + 30, 180)
    sheet.disc(handle, x, 596, 62)
    sheet.disc(ink.ground, x, 596, 30)


def _brush(sheet: Sheet, ink: Ink, handle: str, grip: str, x: float) -> None:
    sheet.bar(handle, x - 20, 110, x + 20, 400, corner=20)
    sheet.shape(handle, (x - 20, 370), (x + 20, 370), (x + 84, 450), (x - 84, 450))
    sheet.bar(ink.pale, x - 84, 448, x + 84, 510)
    sheet.bar(grip, x - 80, 510, x + 80, 640)
    for hair in (-40, 0, 40):
        sheet.bar(ink.ground, x + hair - 3, 560, x + hair + 3, 640)


def screens(sheet: Sheet, ink: Ink, chance: Random) -> None:
    """A laptop shows a drawing made of squares."""
    sheet.bar(ink.back, 0, 720, WIDTH, HEIGHT)
    sheet.bar(ink.main, 340, 90, 1260, 690, corner=34)
    sheet.bar(ink.pale, 380, 130, 1220, 650)
    sprite = [[chance.random() < 0.52 for _ in range(5)] for _ in range(8)]
    colour = chance.choice((ink.main, ink.other))
    for row, cells in enumerate(sprite):
        for column, full in enumerate([*cells, *reversed(cells[:-1])]):
            if full:
                shade = ink.bright if row == 2 and column in {2, 6} else colour
                x, y = 530 + column * 60, 152 + row * 60
                sheet.bar(shade, x, y, x + 60, y + 60)
    sheet.shape(ink.other, (260, 700), (1340, 700), (1440, 800), (160, 800))
    for key in range(11):
        sheet.bar(ink.pale, 330 + key * 86, 724, 390 + key * 86, 752, corner=6)
    sheet.bar(ink.pale, 640, 766, 960, 786, corner=6)
    for side in (110, 1420):
        tall = chance.uniform(90, 180)
        sheet.bar(ink.bright, side, 800 - tall, side + 90, 800, corner=10)
        for leaf in (-40, 0, 40):
            sheet.oval(ink.main, side + 45 + leaf, 800 - tall - 60, 34, 130, tilt=leaf * 0.6)


def ball(sheet: Sheet, ink: Ink, chance: Random) -> None:
    """A ball bounces on a field."""
    sheet.bar(ink.back, 0, 520, WIDTH, HEIGHT)
    centre = chance.uniform(500, 1100)
    sheet.oval(ink.pale, centre, 720, 760, 250)
    sheet.oval(ink.back, centre, 720, 730, 226)
    sheet.bar(ink.pale, 0, 512, WIDTH, 530)
    sheet.shape(ink.pale, (centre - 10, 530), (centre + 10, 530), (centre + 30, HEIGHT), (centre - 30, HEIGHT))
    x, y, size = chance.uniform(1050, 1350), chance.uniform(270, 360), chance.uniform(190, 230)
    for near in curve((60, 740), (x - 560, y - 360), (x, y), 22):
        sheet.disc(ink.pale, *near, 12)
    sheet.oval(ink.main, x, 790, size * 1.6, 50)
    kind = chance.randrange(3)
    if kind == 0:
        sheet.disc(ink.other, x, y, size)
        sheet.line(ink.ground, 12, (x - size + 6, y), (x + size - 6, y))
        sheet.line(ink.ground, 12, (x, y - size + 6), (x, y + size - 6))
        for side in (-1, 1):
            bend = (x + side * size * 0.12, y)
            sheet.line(
                ink.ground,
                12,
                *curve((x + side * size * 0.7, y - size * 0.68), bend, (x + side * size * 0.7, y + size * 0.68)),
            )
    elif kind == 1:
        sheet.oval(ink.other, x, y, size * 2.3, size * 1.5, tilt=-32)
        sheet.line(ink.pale, 14, (x - size * 0.5, y + size * 0.3), (x + size * 0.5, y - size * 0.32))
        for lace in (-0.3, 0, 0.3):
            sheet.line(
                ink.pale,
                12,
                (x + lace * size - 22, y - lace * size * 0.62 - 36),
                (x + lace * size + 22, y - lace * size * 0.62 + 36),
            )
    else:
        sheet.disc(ink.pale, x, y, size)
        sheet.star(ink.main, x, y, size * 0.42, points=5, waist=0.81)
        for patch in around(x, y, size * 0.86, 5, start=-90):
            sheet.disc(ink.main, *patch, size * 0.17)


def track(sheet: Sheet, ink: Ink, chance: Random) -> None:
    """The lanes of a running track."""
    low, side = chance.uniform(980, 1080), chance.choice((-1, 1))
    x = 800 + side * chance.uniform(280, 420)
    for lane in range(7):
        radius = 900 - lane * 104
        sheet.disc(ink.pale, x, low, radius + 8)
        sheet.disc(ink.other if lane % 2 else ink.main, x, low, radius)
    sheet.disc(ink.pale, x, low, 180)
    sheet.disc(ink.back, x, low, 168)
    for lane in chance.sample(range(6), 4):
        radius = 900 - lane * 104 - 52
        angle = math.radians(chance.uniform(215, 325))
        runner = (x + radius * math.cos(angle), low + radius * math.sin(angle))
        if not 60 < runner[0] < 1540:
            runner = (x, low - radius)
        sheet.dome(ink.bright, runner[0], runner[1] + 40, 48)
        sheet.disc(ink.pale, runner[0], runner[1] - 26, 30)
        for puff in (1, 2, 3):
            sheet.disc(ink.pale, runner[0] + side * puff * 58, runner[1] + 30 - puff * 4, 12 - puff * 2)


def board(sheet: Sheet, ink: Ink, chance: Random) -> None:
    """A board game, pawns and dice."""
    cells = [*((column, 0) for column in range(9)), (8, 1), *((column, 2) for column in reversed(range(9))), (0, 3)]
    cells += [(column, 4) for column in range(9)]
    path = [(140 + column * 165, 130 + row * 160) for column, row in cells]
    sheet.line(ink.back, 150, *path)
    for turn, (x, y) in enumerate(path):
        colour = (ink.main, ink.pale, ink.other, ink.pale)[turn % 4]
        sheet.bar(colour, x - 62, y - 54, x + 62, y + 54, corner=22)
        if turn % 5 == 3:
            sheet.star(ink.bright, x, y, 40, points=5, waist=0.45)
    for pawn, colour in zip(
        chance.sample(range(2, len(path)), 4), (ink.bright, ink.main, ink.other, ink.bright), strict=True
    ):
        x, y = path[pawn]
        sheet.disc(ink.ground, x, y - 66, 47)
        sheet.shape(ink.ground, (x, y - 70), (x + 66, y + 30), (x - 66, y + 30))
        sheet.disc(colour, x, y - 66, 38)
        sheet.shape(colour, (x, y - 70), (x + 54, y + 22), (x - 54, y + 22))
    for x, y in ((480, 290), (980, 610)):
        pips = chance.randrange(1, 7)
        sheet.bar(ink.bright, x - 60, y - 60, x + 60, y + 60, corner=20)
        spots = {1: (4,), 2: (0, 8), 3: (0, 4, 8), 4: (0, 2, 6, 8), 5: (0, 2, 4, 6, 8), 6: (0, 2, 3, 5, 6, 8)}[pips]
        for spot in spots:
            sheet.disc(ink.ground, x + (spot % 3 - 1) * 34, y + (spot // 3 - 1) * 34, 11)


def gears(sheet: Sheet, ink: Ink, chance: Random) -> None:
    """Cogwheels of all sizes."""
    wheels = ((320, 330, 230), (760, 610, 260), (1190, 330, 220), (1450, 690, 180), (120, 800, 170), (800, 110, 150))
    for turn, (x, y, radius) in enumerate(wheels):
        colour = (ink.main, ink.other, ink.pale, ink.bright, ink.back, ink.main)[(turn + chance.randrange(2)) % 6]
        teeth = round(radius / 13)
        for tooth in around(x, y, radius, teeth, start=chance.uniform(0, 20)):
            sheet.disc(colour, *tooth, radius * 0.11)
        sheet.disc(colour, x, y, radius)
        if chance.random() < 0.5:
            sheet.disc(ink.ground, x, y, radius * 0.72)
            for spoke in around(x, y, radius * 0.74, chance.choice((4, 5, 6)), start=chance.uniform(0, 60)):
                sheet.line(colour, radius * 0.12, (x, y), spoke)
            sheet.disc(colour, x, y, radius * 0.3)
        else:
            for hole in around(x, y, radius * 0.56, 6, start=chance.uniform(0, 60)):
                sheet.disc(ink.ground, *hole, radius * 0.16)
        sheet.disc(ink.ground, x, y, radius * 0.13)


def blocks(sheet: Sheet, ink: Ink, chance: Random) -> None:
    """Towers of cubes, arches and balls."""
    sheet.bar(ink.back, 0, 780, WIDTH, HEIGHT)
    for tower in range(5):
        x, foot = 180 + tower * 310, 780.0
        floors = chance.randrange(2, 5)
        for floor in range(floors):
            colour = (ink.main, ink.other, ink.bright, ink.pale)[(tower + floor + chance.randrange(2)) % 4]
            kind = chance.randrange(3) if floor < floors - 1 else chance.randrange(3, 6)
            if kind == 0:
                sheet.bar(colour, x - 90, foot - 170, x + 90, foot)
                foot -= 170
            elif kind == 1:
                sheet.bar(colour, x - 130, foot - 150, x + 130, foot)
                sheet.dome(ink.ground if floor else ink.back, x, foot, 76)
                foot -= 150
            elif kind == 2:
                sheet.bar(colour, x - 140, foot - 70, x + 140, foot, corner=8)
                foot -= 70
            elif kind == 3:
                sheet.shape(colour, (x - 110, foot), (x + 110, foot), (x, foot - 160))
            elif kind == 4:
                sheet.disc(colour, x, foot - 76, 76)
            else:
                sheet.dome(colour, x, foot, 104)
