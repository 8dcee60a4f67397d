/*
 * The inbox of a loop, its sleep and its wake-up; the end of the loop against those who still leave things.
 *
 * Two loops, three tasks: tasks 0 and 1 live on loop 0, task 2 on loop 1. They pass a turn around; the one whose turn it
 * is not is parked. An onlooker takes stacks of the tasks as the JDK does, so that threads are made ready twice. Two
 * threads from outside leave short calls on loop 0, at any time, also while it ends.
 *
 * Checked: nobody waits for ever (no invalid end state, and the property "live"); no link of the inbox is lost; a task
 * runs on its own loop and by one at a time; a call is made once or refused, in the order of its thread.
 */

#define TASKS 3
#define LOOPS 2
#define CALLS 3
#define ITEMS 6 /* the tasks, then the calls */

#ifndef ROUNDS
#define ROUNDS 2
#endif

/* Links of the inbox: nothing, the bottom, or an item. */
#define NOTHING 0
#define BOTTOM 1
#define LINK(item) ((item) + 2)
#define ITEM(link) ((link) - 2)

#define LOOP_OF(task) ((task) / 2)
#define IS_CALL(item) ((item) >= TASKS)

byte nextInInbox[ITEMS];
byte top[LOOPS] = BOTTOM;
bool asleep[LOOPS];
bool bell[LOOPS];
bool closed[LOOPS];
byte looks[LOOPS];
chan ready[LOOPS] = [6] of { byte };

/* Threads as the JDK has them. */
mtype = { RUNNING, PARKING, PARKED, UNPARKED, SUSPENDED_PARKED, SUSPENDED_UNPARKED, ENDED };
mtype thread[TASKS] = UNPARKED;
bool permit[TASKS];
bool mounted[TASKS];

/* What the tasks do: each waits until it is its turn, and gives it to the next one. */
byte turn;
byte rounds[TASKS];
byte ended;

byte made;
byte refused;
byte lastOfFirst;

/* Inbox.push */
inline push(loop, item) {
    atomic { claimed = nextInInbox[item] == NOTHING; if :: claimed -> nextInInbox[item] = BOTTOM :: else fi }
#ifdef BUG_PUSHED_TWICE
    claimed = true;
#endif
    if
    :: claimed ->
        do
        ::  seen = top[loop];
            nextInInbox[item] = seen;
            atomic { swapped = top[loop] == seen; if :: swapped -> top[loop] = LINK(item) :: else fi; seen = 0 }
            if :: swapped -> swapped = false; break :: else fi
        od
    :: else
    fi;
    claimed = false
}

/* Scheduler.schedule, by another thread than the loop's. */
inline scheduleFromElsewhere(loop, item) {
    push(loop, item);
    if
    :: asleep[loop] ->
        atomic { swapped = asleep[loop]; asleep[loop] = false }
        if :: swapped -> bell[loop] = true; swapped = false :: else fi
    :: else
    fi
#ifndef BUG_CLOSED_UNSEEN
    if :: closed[loop] -> takeInboxOfClosed(loop) :: else fi
#endif
}

/* Fiber.execute: here, on the task's own loop. */
inline makeReadyHere(task) { ready[LOOP_OF(task)] ! task }

/* A call is made: LoopCall.takeTurn. Those of the first thread are numbers 3 and 4. */
inline make(item) {
    atomic {
        made++;
        if
        :: item < TASKS + 2 -> assert(item > lastOfFirst); lastOfFirst = item
        :: else
        fi
    }
}

/* Inbox.takeAll: the oldest in oldest. */
inline takeAll(loop) {
    oldest = BOTTOM;
    if
    :: top[loop] == BOTTOM
    :: else ->
        /* The links of what is taken are never seen as nothing by others, so turning them around is one step. */
        atomic {
            newest = top[loop];
            top[loop] = BOTTOM;
            do
            :: newest == BOTTOM -> break
            :: else ->
                older = nextInInbox[ITEM(newest)];
                assert(older != NOTHING);
                nextInInbox[ITEM(newest)] = oldest;
                oldest = newest;
                newest = older
            od;
            newest = 0; older = 0
        }
    fi
}

/* Inbox.next: takes the oldest out. */
inline next() {
    atomic {
        item = ITEM(oldest);
        oldest = nextInInbox[item];
        assert(oldest != NOTHING);
        nextInInbox[item] = NOTHING
    }
}

/* Scheduler.takeInboxOfClosed and tellOfEnd */
inline takeInboxOfClosed(loop) {
    atomic { looks[loop]++; wanted = looks[loop] }
#ifdef BUG_ALL_LOOK
    wanted = 1;
#endif
    if
    :: wanted > 1 -> wanted = 0
    :: else ->
        do
        :: wanted == 0 -> oldest = 0; item = 0; break
        :: else ->
            takeAll(loop);
            do
            :: oldest == BOTTOM -> break
            :: else ->
                next();
                if :: IS_CALL(item) -> make(item) :: else fi
            od;
#ifdef BUG_ALL_LOOK
            wanted = 0
#else
            atomic { looks[loop] = looks[loop] - wanted; wanted = looks[loop] }
#endif
        od
    fi
}

/* LockSupport.unpark by a task of the loop "from". */
inline unpark(task, from) {
    atomic { had = permit[task]; permit[task] = true }
    if
    :: !had ->
        atomic { swapped = thread[task] == PARKED; if :: swapped -> thread[task] = UNPARKED :: else fi }
        if
        :: swapped && from == LOOP_OF(task) -> swapped = false; makeReadyHere(task)
        :: swapped && from != LOOP_OF(task) -> swapped = false; scheduleFromElsewhere(LOOP_OF(task), task)
        :: else
        fi
    :: else
    fi;
    had = false
}

/* Scheduler.mount: the thread goes on until it parks or ends. */
inline mount(task) {
    atomic { swapped = thread[task] == UNPARKED; if :: swapped -> thread[task] = RUNNING; permit[task] = false :: else fi }
    if
    :: !swapped /* made ready twice */
    :: else ->
        assert(!mounted[task] && LOOP_OF(task) == me); swapped = false;
        mounted[task] = true;
        do
        :: turn != task && !permit[task] ->
            thread[task] = PARKING;
            mounted[task] = false;
            /* The JDK, behind the yield. */
            thread[task] = PARKED;
            if
            :: permit[task] ->
                atomic { swapped = thread[task] == PARKED; if :: swapped -> thread[task] = UNPARKED :: else fi }
                if :: swapped -> swapped = false; makeReadyHere(task) :: else fi
            :: else
            fi;
            break
        :: turn != task && permit[task] -> permit[task] = false
        :: turn == task && rounds[task] < ROUNDS ->
            rounds[task]++;
            next_task = (task + 1) % TASKS;
            turn = next_task;
            unpark(next_task, me); next_task = 0;
            if
            :: rounds[task] == ROUNDS ->
                thread[task] = ENDED; mounted[task] = false; left--; ended++;
                break
            :: else
            fi
        od
    fi
}

proctype Loop(byte me) {
    byte claimed, seen, swapped, had, wanted, newest, older, oldest, item, next_task;
    byte who;
    byte left = 2 - me;
    /* The tasks were spawned before. */
    if :: me == 0 -> ready[0] ! 0; ready[0] ! 1 :: else -> ready[1] ! 2 fi;
    do
    :: left == 0 -> break
    :: else ->
        /* Scheduler.takeInbox */
        takeAll(me);
        do
        :: oldest == BOTTOM -> break
        :: else ->
            next();
            if :: IS_CALL(item) -> make(item) :: else -> ready[me] ! item fi
        od;
        oldest = 0; item = 0;
        /* Scheduler.runReady */
        do
        :: len(ready[me]) > 0 -> ready[me] ? who; mount(who); who = 0
        :: len(ready[me]) == 0 -> break
        od;
        /* Scheduler.poll */
        if
        :: left == 0
        :: else ->
#ifdef BUG_LOOKS_BEFORE_SLEEP
            seen = top[me];
            asleep[me] = true;
#else
            asleep[me] = true;
            seen = top[me];
#endif
            if
            :: seen == BOTTOM -> atomic { bell[me] -> bell[me] = false }
            :: else
            fi;
            seen = 0;
            asleep[me] = false
        fi
    od;
    /* Scheduler.close */
    closed[me] = true;
    do
    :: len(ready[me]) > 0 -> ready[me] ? item
    :: len(ready[me]) == 0 -> break
    od;
    takeInboxOfClosed(me)
}

/* Scheduler.inLoop, from outside: calls from..to one after the other. */
proctype Caller(byte from; byte to) {
    byte claimed, seen, swapped, wanted, newest, older, oldest, item, call;
    call = from;
    do
    :: call > to -> break
    :: else ->
        if
        :: closed[0] -> refused++
        :: else -> scheduleFromElsewhere(0, call)
        fi;
        call++
    od
}

/* VirtualThread.tryGetStackTrace, of each task once. */
proctype Onlooker() {
    byte claimed, seen, swapped, wanted, newest, older, oldest, item, task;
    bool again;
    do
    :: task == TASKS -> break
    :: else ->
        again = false;
        if
        :: atomic { thread[task] == UNPARKED -> thread[task] = SUSPENDED_UNPARKED }
            thread[task] = UNPARKED;
            again = true
        :: atomic { thread[task] == PARKED -> thread[task] = SUSPENDED_PARKED }
            thread[task] = PARKED;
            if
            :: permit[task] ->
                atomic { again = thread[task] == PARKED; if :: again -> thread[task] = UNPARKED :: else fi }
            :: else
            fi
        :: true
        fi;
        if :: again -> scheduleFromElsewhere(LOOP_OF(task), task) :: else fi;
        task++
    od
}

init {
    atomic {
        run Loop(0);
        run Loop(1);
#ifdef CALLERS
        run Caller(TASKS, TASKS + 1);
        run Caller(TASKS + 2, TASKS + 2);
#endif
#ifdef ONLOOKER
        run Onlooker();
#endif
    }
    atomic {
        _nr_pr == 1;
        assert(ended == TASKS && top[0] == BOTTOM);
#ifdef CALLERS
        assert(made + refused == CALLS)
#endif
    }
}
