"""One month of people: ageing, leaving, fixed terms, recruitment; then what is counted at its end. Compiled loops.

All change the posts given to them; `workforce.step` hands them copies. Chances are keyed by post, month and purpose.
"""

import numpy as np

from layers.compiling import compiled
from layers.draws import name_hash
from workforce.chance import chance
from workforce.establishment.assignment import LOCAL_PENSION, NEVER
from workforce.flows.posts import HELD, OCCUPIED, STAYS, VACANT
from workforce.routes import CODE

LEAVING, FILLING, STARTING = (name_hash(f"workforce/{name}") for name in ("leaving", "filling", "starting"))
AGENCY, FIXED_TERM, VACANCY, LEAVER = (
    CODE[route] for route in ("agency_ended", "fixed_term_expired", "vacancies", "leavers_not_replaced")
)
LOCAL = len(LOCAL_PENSION)
HALF = 0.5
"""A reduction smaller than half a contract does not take it."""

FLOWS = ("retired", "resigned", "left_otherwise", "left_fte", "expired", "hired", "hired_fte", "newly_at_risk")
RETIRED, RESIGNED, LEFT_OTHERWISE, LEFT_FTE, EXPIRED, HIRED, HIRED_FTE, NEWLY_AT_RISK = range(8)
STOCKS = ("posts_fte", "in_post_fte", "in_post_heads", "at_risk_heads", "under_notice_heads", "held_fte", "output_fte")
POSTS_FTE, IN_POST_FTE, IN_POST_HEADS, AT_RISK, UNDER_NOTICE, HELD_FTE, OUTPUT_FTE = range(7)

HIRING = np.dtype([(name, "f8") for name in ("filling", "covered", "joining", "youngest", "oldest")])
"""Recruitment, one record: months to fill a vacancy, the share of vacancies with agency staff, the share of starters that joins
the pension scheme, and the ages between which starters are spread evenly."""
POOL = np.dtype([("room", "f8"), ("resign_factor", "f8"), ("kept_months", "f8"), ("at_risk", "i1")])
"""What a month knows of a pool: the FTE still to be held back, times the usual resignations, months for which a vacancy is kept
for those at risk before it is filled from outside, and whether its people are at risk."""


@compiled
def flow_month(posts, pools, month, run, leaving, allowed, hiring, flows):  # type: ignore[no-untyped-def]
    """People leave, terms expire, vacancies are held or filled. Changes `posts` and `pools`; adds heads and FTE to `flows`.

    `leaving` holds chances by reason, age and service; `allowed` is 1 for each route by which a post may be held; `hiring` is a
    HIRING record; `flows` is pools × FLOWS.
    """
    oldest, longest = leaving.shape[1] - 1, leaving.shape[2] - 1
    for i in range(len(posts)):
        post = posts[i]
        pool = pools[post.pool]
        if post.status == OCCUPIED:
            post.age += 1
            post.service += 1
            if pool.at_risk == 1 and post.at_risk == 0:
                post.at_risk = 1
                flows[post.pool, NEWLY_AT_RISK] += post.head
            row, column = min(post.age // 12, oldest), min(post.service // 12, longest)
            u = chance(run, LEAVING, month, post.key)
            retires = leaving[0, row, column]
            resigns = retires + leaving[1, row, column] * pool.resign_factor
            if u < resigns + leaving[2, row, column]:
                reason = RETIRED if u < retires else (RESIGNED if u < resigns else LEFT_OTHERWISE)
                flows[post.pool, reason] += post.head
                flows[post.pool, LEFT_FTE] += post.fte
                empty(posts, i, pools, month, run, allowed, hiring, LEAVER)
            elif post.ends == month:
                expire(posts, i, pools, month, run, allowed, hiring, flows)
        elif post.status == VACANT:
            route = route_of_vacancy(posts, i)
            if pool.room >= HALF * post.fte and allowed[route] == 1:
                post.status = HELD
                post.route = route
                pool.room -= post.fte
            elif post.fills <= month:
                if month < post.since + pool.kept_months:
                    post.fills = month + 1
                else:
                    hire(posts, i, month, run, hiring)
                    flows[post.pool, HIRED] += 1.0
                    flows[post.pool, HIRED_FTE] += post.fte


@compiled
def empty(posts, i, pools, month, run, allowed, hiring, route):  # type: ignore[no-untyped-def]
    """The holder of a post goes: it is held where a reduction wants it, or where notice had been given, else recruited to."""
    post = posts[i]
    pool = pools[post.pool]
    wanted = post.exit != STAYS or (pool.room >= HALF * post.fte and allowed[route] == 1)
    if post.exit == STAYS and wanted:
        pool.room -= post.fte
    post.exit = STAYS
    post.leaves = NEVER
    post.route = route
    if wanted:
        post.status = HELD
        return
    post.status = VACANT
    post.since = month
    u = chance(run, FILLING, month, post.key)
    post.fills = month + max(1, np.int64(hiring[0].filling + u * 2.0 - 0.5))
    post.agency = 1 if chance(run, FILLING, month, post.key + 500_000) < hiring[0].covered else 0


@compiled
def expire(posts, i, pools, month, run, allowed, hiring, flows):  # type: ignore[no-untyped-def]
    """A fixed term ends: renewed for a year unless a reduction wants the post."""
    post = posts[i]
    if post.exit == STAYS and (pools[post.pool].room < HALF * post.fte or allowed[FIXED_TERM] == 0):
        post.ends += 12
        return
    flows[post.pool, EXPIRED] += post.head
    empty(posts, i, pools, month, run, allowed, hiring, FIXED_TERM)


@compiled
def route_of_vacancy(posts, i):  # type: ignore[no-untyped-def]
    """The route by which a vacancy is deleted: agency ended where agency staff cover it, else as it came about."""
    post = posts[i]
    return AGENCY if post.route == VACANCY and post.agency == 1 else post.route


@compiled
def hire(posts, i, month, run, hiring):  # type: ignore[no-untyped-def]
    """Somebody new starts in a vacant post, with draws of their own."""
    post = posts[i]
    if post.key < 1_000_000:
        post.key = 2_000_000 + i
    post.status = OCCUPIED
    post.agency = 0
    post.head = 1.0
    post.at_risk = 0
    post.tried = 0
    post.refused = 0
    post.protected = 0
    post.service = 0
    terms = hiring[0]
    post.age = np.int64(
        12 * (terms.youngest + (terms.oldest - terms.youngest) * chance(run, STARTING, month, post.key))
    )
    joins = chance(run, STARTING, month, post.key + 500_000) < terms.joining
    post.member = 1 if joins and post.terms < LOCAL else 0
    post.ends = NEVER


@compiled
def covered_fte(posts, out):  # type: ignore[no-untyped-def]
    """Add up by pool what is held, and what people under notice will leave: FTE that needs nobody more to go."""
    for i in range(len(posts)):
        post = posts[i]
        if post.status == HELD or (post.status == OCCUPIED and post.exit != STAYS):
            out[post.pool] += post.fte


@compiled
def count_stocks(posts, at_risk, learning, starting, stocks):  # type: ignore[no-untyped-def]
    """Add up what there is at the end of a month, by pool (`stocks`, pools × STOCKS); `learning` in months, from `starting`."""
    for i in range(len(posts)):
        post = posts[i]
        pool = post.pool
        if post.status == OCCUPIED:
            stocks[pool, POSTS_FTE] += post.fte
            stocks[pool, IN_POST_FTE] += post.fte
            stocks[pool, IN_POST_HEADS] += post.head
            grown = min(1.0, post.service / learning) if learning > 0 else 1.0
            stocks[pool, OUTPUT_FTE] += post.fte * (starting + (1.0 - starting) * grown)
            if at_risk[pool] == 1:
                stocks[pool, AT_RISK] += post.head
            if post.exit != STAYS:
                stocks[pool, UNDER_NOTICE] += post.head
        elif post.status == VACANT:
            stocks[pool, POSTS_FTE] += post.fte
        elif post.status == HELD:
            stocks[pool, POSTS_FTE] += post.fte
            stocks[pool, HELD_FTE] += post.fte


@compiled
def delete_due(posts, starts, order, month, filling, due, met):  # type: ignore[no-untyped-def]
    """Delete empty posts against what is due (`due`: releases × pools, FTE, lowered), routes in `order`, earliest release first.

    Held posts go first, then vacancies still open. A post larger than what is due keeps the rest of its hours as a vacancy.
    `met` (releases × pools × routes × 2) gains FTE and heads.
    """
    for pool in range(len(starts) - 1):
        if due_in(due, pool) <= 1e-9:
            continue
        for wanted in (HELD, VACANT):
            for route in order:
                for i in range(starts[pool], starts[pool + 1]):
                    post = posts[i]
                    if post.status != wanted:
                        continue
                    if (post.route if wanted == HELD else route_of_vacancy(posts, i)) == route:
                        take(posts, i, route, month, filling, due, met)


@compiled
def due_in(due, pool):  # type: ignore[no-untyped-def]
    """What all releases together still want of a pool, FTE."""
    total = 0.0
    for release in range(due.shape[0]):
        total += due[release, pool]
    return total


@compiled
def take(posts, i, route, month, filling, due, met):  # type: ignore[no-untyped-def]
    """Take one empty post's hours against what is due in its pool."""
    post = posts[i]
    for release in range(due.shape[0]):
        taken = min(post.fte, due[release, post.pool])
        if taken > 1e-9:
            heads = post.head * taken / post.fte
            met[release, post.pool, route, 0] += taken
            met[release, post.pool, route, 1] += heads
            due[release, post.pool] -= taken
            post.fte -= taken
            post.head -= heads
        if post.fte <= 1e-9:
            post.fte = 0.0
            post.head = 0.0
            post.status = 3
            return
    if post.status == HELD:
        post.status = VACANT
        post.since = month
        post.fills = month + max(1, np.int64(filling))
