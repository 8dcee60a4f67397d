/*
 * A wait against its completion, cancels of scopes around it, their deadline and a shield.
 *
 * Two loops, three tasks: tasks 0 and 1 live on loop 0, task 2 on loop 1. Task 0 waits three times: in a scope that may be
 * a shield, inside one with a deadline (wait 0); in the latter (wait 1); and behind both (wait 2). Task 2 gives each of
 * these waits a value, but for the first where that is to end by a cancel. The scope with the deadline is cancelled by
 * task 1, the root of task 0 by a thread from outside, each at any time or never. The first wait is an await, one with a
 * limit, or one despite cancels that then has the other side hurry. A thread outside of loops waits too, and is interrupted.
 *
 * What is ready, and how a thread becomes so, is one step here: see inbox.pml.
 *
 * Checked: every wait ends; a value is got exactly if its giver was told so, else it stays with the giver; a wait throws
 * only inside what is cancelled, and does as often as it is tried there; a shield keeps cancels out; a scope swallows its
 * own cancel only.
 */

#define TASKS 3
#define LOOPS 2
#define WAITS 3
#define LOOP_OF(task) ((task) / 2)

#define NOBODY 255

mtype = { OPEN, COMPLETED, CANCELLED };
mtype = { RUNNING, PARKING, PARKED, UNPARKED, ENDED };
mtype = { AWAIT, WITHIN, DESPITE };

/* The waiters, and that of the thread outside. */
mtype state[WAITS + 1] = OPEN;
byte threadOf[WAITS + 1] = NOBODY;
bool given[WAITS + 1];
bool got[WAITS + 1];

/* The threads, the fourth of which is on no loop. */
mtype thread[TASKS] = UNPARKED;
bool permit[TASKS + 1];
bool interrupted;
chan ready[LOOPS] = [3] of { byte };
chan go[TASKS] = [0] of { bool };
chan back[LOOPS] = [0] of { bool };
byte running[LOOPS] = NOBODY;
byte waiting = NOBODY; /* Task.waiting of task 0 */

/* The scopes of task 0. */
#define ROOT 0
#define TIMED 1
#define INNER 2
bool own[3];
bool effective[3];
bool attached[3];
bool shield;
byte scope = ROOT;
bool deadline;

/* The alarm of a wait with a limit. */
bool alarm;
bool rung;

/* What happens in this run. */
mtype kind;
bool gives;
bool cancels;
bool stops;
bool hurried;
bool chosen;

chan calls = [1] of { byte };

inline unpark(who) {
    atomic {
        if
        :: !permit[who] ->
            permit[who] = true;
            if
            :: who < TASKS ->
                if
                :: thread[who] == PARKED -> thread[who] = UNPARKED; ready[LOOP_OF(who)] ! who
                :: else
                fi
            :: else
            fi
        :: else
        fi
    }
}

/* Waiter.complete */
inline complete(wait) {
    atomic {
        if
        :: state[wait] == OPEN -> state[wait] = COMPLETED; given[wait] = true
        :: else
        fi
    }
    if
    :: given[wait] ->
        seen = threadOf[wait];
        if :: seen != NOBODY -> unpark(seen) :: else fi;
        seen = 0
    :: else
    fi
}

/* LockSupport.park of a task. */
inline park(task) {
    if
    :: permit[task] -> permit[task] = false
    :: else ->
        thread[task] = PARKING;
        back[LOOP_OF(task)] ! true;
        go[task] ? _
    fi
}

/* Waiter.begin and end */
inline begin(wait) {
    threadOf[wait] = 0;
    waiting = wait
}

inline end(wait) {
    waiting = NOBODY;
    threadOf[wait] = NOBODY
}

/* Waiter.await of task 0, which throws if thrown. */
inline await(wait) {
    thrown = false;
#ifdef BUG_LATE_THREAD
    if
    :: state[wait] == OPEN && !effective[scope] -> begin(wait); park(0)
    :: else
    fi;
#endif
    begin(wait);
    do
    :: state[wait] != OPEN -> break
    :: else ->
        if
        :: effective[scope] ->
#ifdef BUG_NO_STEP
            state[wait] = CANCELLED;
            thrown = true;
#else
            atomic { if :: state[wait] == OPEN -> state[wait] = CANCELLED; thrown = true :: else fi }
#endif
            if :: thrown -> break :: else fi
        :: else -> park(0)
        fi
    od;
    end(wait)
}

/* Waiter.awaitWithin, then Waiter.cancel where the time has passed. */
inline awaitWithin(wait) {
    thrown = false;
    if
    :: state[wait] == OPEN ->
        alarm = true;
        begin(wait);
        do
        :: state[wait] != OPEN || rung -> break
        :: else ->
            if
            :: effective[scope] ->
                atomic { if :: state[wait] == OPEN -> state[wait] = CANCELLED; thrown = true :: else fi }
                if :: thrown -> break :: else fi
            :: else -> park(0)
            fi
        od;
        end(wait);
        alarm = false
    :: else
    fi;
    if :: !thrown -> cancel(wait) :: else fi
}

/* Waiter.awaitDespiteCancel */
inline awaitDespiteCancel(wait) {
    told = false;
    begin(wait);
    do
    :: state[wait] != OPEN -> break
    :: else ->
        if
        :: !told && effective[scope] -> told = true; hurried = true
        :: else -> park(0)
        fi
    od;
    end(wait);
    told = false
}

/* Waiter.cancel */
inline cancel(wait) {
    atomic { if :: state[wait] == OPEN -> state[wait] = CANCELLED :: else fi }
}

/* Task.wakeForCancel */
inline wakeForCancel() {
    if
    :: thread[0] != ENDED && running[0] != 0 && waiting != NOBODY -> unpark(0)
    :: else
    fi
}

/* CancelScope.mark */
inline mark(which) {
    effective[which] = true;
#ifndef BUG_NOT_WOKEN
    if :: scope == which -> wakeForCancel() :: else fi
#endif
}

/* CancelScope.cancelHere and spread: on loop 0, so nothing else of that loop runs. */
inline cancelHere(which) {
    if
    :: own[which]
    :: else ->
        own[which] = true;
        if
        :: effective[which]
        :: else ->
            mark(which);
            if
            :: which == ROOT && attached[TIMED] && !effective[TIMED] -> mark(TIMED)
            :: else
            fi;
            if
#ifdef BUG_SHIELD
            :: which != INNER && attached[INNER] && !effective[INNER] -> mark(INNER)
#else
            :: which != INNER && attached[INNER] && !effective[INNER] && !shield -> mark(INNER)
#endif
            :: else
            fi
        fi
    fi
}

/* CancelScope.inside, attach and Task.enter */
inline enter(which, parent, isShield) {
    attached[which] = true;
    effective[which] = !(isShield) && effective[parent];
    scope = which
}

/* CancelScope.leave */
inline leave(which, parent) {
    if :: which == TIMED -> deadline = false :: else fi;
    attached[which] = false;
    scope = parent
}

proctype Loop(byte me) {
    byte who, what;
    byte left = 2 - me;
    chosen;
    do
    :: left == 0 -> break
    :: left > 0 && nempty(ready[me]) ->
        ready[me] ? who;
        /* Scheduler.mount */
        atomic { assert(thread[who] == UNPARKED); thread[who] = RUNNING; permit[who] = false; running[me] = who }
        go[who] ! true;
        back[me] ? _;
        running[me] = NOBODY;
        if
        :: thread[who] == ENDED -> left--
        :: else ->
            atomic { assert(thread[who] == PARKING); thread[who] = PARKED }
            atomic {
                if
                :: permit[who] && thread[who] == PARKED -> thread[who] = UNPARKED; ready[me] ! who
                :: else
                fi
            }
        fi;
        who = 0
    :: left > 0 && me == 0 && nempty(calls) -> calls ? what; atomic { cancelHere(what); what = 0 }
    :: left > 0 && me == 0 && deadline -> /* CancelScope.Deadline.fire */
        atomic { deadline = false; cancelHere(TIMED) }
    :: left > 0 && me == 0 && alarm && !rung -> /* Waiter.Alarm.fire */
        atomic { rung = true; unpark(0) }
    od
}

proctype Task0() {
    bool thrown, told;
    byte seen;
    go[0] ? _;
    atomic {
        enter(TIMED, ROOT, false);
        deadline = true;
        enter(INNER, TIMED, shield)
    }
    if
    :: kind == AWAIT -> await(0)
    :: kind == WITHIN -> awaitWithin(0)
    :: kind == DESPITE -> awaitDespiteCancel(0)
    fi;
    assert(!thrown || (effective[INNER] && !shield));
    assert(kind != DESPITE || state[0] == COMPLETED);
    atomic { leave(INNER, TIMED) }
    if
    :: thrown /* on its way through the scope with the deadline */
    :: else ->
        await(1);
        assert(!thrown || effective[TIMED])
    fi;
    atomic {
        leave(TIMED, ROOT);
        /* CancelScope.caught */
        if
        :: thrown && !effective[ROOT] -> assert(own[TIMED]); thrown = false
        :: else
        fi
    }
    /* One that was thrown on is caught here, and comes again. */
    await(2);
    assert(!thrown || own[ROOT]);
    assert(thrown || state[2] == COMPLETED);
    /* Waits that were left out are given up. */
    cancel(0); cancel(1); cancel(2);
    atomic {
        got[0] = state[0] == COMPLETED;
        got[1] = state[1] == COMPLETED;
        got[2] = state[2] == COMPLETED;
        thread[0] = ENDED
    }
    back[0] ! true
}

/* Cancels a scope on its own loop. */
proctype Task1() {
    byte seen;
    go[1] ? _;
    if
    :: cancels -> atomic { cancelHere(TIMED) }
    :: else
    fi;
    thread[1] = ENDED;
    back[0] ! true
}

/* Gives the values, from the other loop. */
proctype Task2() {
    byte seen;
    go[2] ? _;
    if
    :: gives -> complete(0)
    :: else -> if :: kind == DESPITE -> hurried; complete(0) :: else fi
    fi;
    complete(1);
    complete(2);
    thread[2] = ENDED;
    back[1] ! true
}

/* CancelScope.cancel by a thread that is on no loop. */
proctype Outside() {
    chosen;
    if :: stops -> calls ! ROOT :: else fi
}

/* Thread.interrupt of the thread that waits outside. */
proctype Interrupter() {
    if
    :: interrupted = true; permit[TASKS] = true
    :: true
    fi
}

/* Gives that thread its value. */
proctype Giver() {
    byte seen;
    complete(WAITS)
}

/* Waiter.awaitInThread */
proctype Waiting() {
    bool thrown;
    threadOf[WAITS] = TASKS;
    do
    :: state[WAITS] != OPEN -> break
    :: else ->
        if
        :: interrupted ->
            atomic { if :: state[WAITS] == OPEN -> state[WAITS] = CANCELLED; thrown = true :: else fi }
            if :: thrown -> break :: else fi
        :: else -> atomic { permit[TASKS] -> permit[TASKS] = false }
        fi
    od;
    threadOf[WAITS] = NOBODY;
    got[WAITS] = !thrown
}

init {
#ifdef OUTSIDE
    atomic { run Waiting(); run Interrupter(); run Giver() }
#else
    atomic {
        run Loop(0); run Loop(1); run Task0(); run Task1(); run Task2(); run Outside();
        attached[ROOT] = true;
        ready[0] ! 0; ready[0] ! 1; ready[1] ! 2;
        if :: kind = AWAIT :: kind = WITHIN :: kind = DESPITE fi;
        if :: shield = true :: shield = false fi;
        if :: cancels = true :: cancels = false fi;
        if :: stops = true :: stops = false fi;
        /* The first wait may go without a value if something else must end it, as the deadline does. */
        if :: gives = true :: !shield || kind == WITHIN -> gives = false fi;
        chosen = true
    }
#endif
    atomic {
        _nr_pr == 1;
        assert(given[0] == got[0] && given[1] == got[1] && given[2] == got[2] && given[3] == got[3])
    }
}
