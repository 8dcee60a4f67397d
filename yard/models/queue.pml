/*
 * A queue between processes: a ring in shared memory, waits in its manager, and processes that are killed at any step.
 *
 * One producer and one consumer live on. With PRODUCER_DIES or CONSUMER_DIES there is another one beside, which is killed
 * at some step. The manager lives as long as the queue. Each element must be taken once and whole, or not have been put;
 * who lives must not wait while it could go on; and what has left the ring must have been counted.
 */

#ifndef EACH
#define EACH 2          /* elements that each producer puts */
#endif
#define ROOM 1          /* elements in the ring */

#define KILLED_PRODUCER 0
#define PRODUCER 1
#define KILLED_CONSUMER 2
#define CONSUMER 3
#define MANAGER 4
#define FREE 255
#define HALF 254

byte putLock = FREE, takeLock = FREE;
byte tail, head;
byte slot[ROOM];
bool wantsElement, wantsRoom;
byte counted[4];        /* what was taken, by account */

bool alive[4] = true;
bool buried[4];
bool took[2 * EACH];    /* by element: seen by the checker only */
bool done;              /* the producer that lives has put all */

/* Calls that wait in the manager. */
bool calls[4];
byte element[2];
bool again, moved;
chan told = [4] of { bit };

/* ProcessRing.tellIfWanted: Ring.takeWanted, ManagerLink.changed */
inline tell(flag) {
    if
    :: flag ->
        atomic {
            if
            :: flag -> flag = false; mine = true
            :: else
            fi
        };
        if
        :: mine -> mine = false; told ! 1
        :: else
        fi
    :: else
    fi
}

/* Ring.put, with the lock: one that finds the ring full has not put. */
inline put(what) {
    ok = false;
    t = tail;
    h = head;
    if
    :: t - h >= ROOM
    :: else ->
        slot[t % ROOM] = HALF;
        slot[t % ROOM] = what;
        atomic { tail = t + 1; ok = true }
    fi
}

/* Ring.take, with the lock. */
inline take(who) {
    ok = false;
    h = head;
    t = tail;
    if
    :: h == t
    :: else ->
        seen = slot[h % ROOM];
        atomic {
            head = h + 1;
            ok = true;
            assert(seen != HALF);
            assert(!took[seen]);
            took[seen] = true
        };
        counted[who] = counted[who] + 1
    fi
}

/* QueueProxy.put; who finds no room has the manager do it. */
inline produce(me) {
    n = 0;
    do
    :: n < EACH ->
        atomic { putLock == FREE -> putLock = me };
#ifdef BUG_TOLD_FIRST
        tell(wantsElement);
#endif
        put(me * EACH + n);
        putLock = FREE;
        if
        :: ok ->
#ifndef BUG_TOLD_FIRST
            tell(wantsElement)
#else
            skip
#endif
        :: else ->
            atomic { element[me] = me * EACH + n; calls[me] = true; again = true };
            !calls[me]
        fi;
        n++
    :: else -> break
    od
}

/* QueueProxy.take; who finds nothing has the manager do it. */
inline consume(me) {
    do
    :: atomic { takeLock == FREE -> takeLock = me };
        take(me);
        takeLock = FREE;
        if
        :: ok -> tell(wantsRoom)
        :: else ->
            atomic { calls[me] = true; again = true };
end_waits:  !calls[me]
        fi
    od
}

proctype KilledProducer() {
    byte n, t, h; bool ok, mine;
    { produce(KILLED_PRODUCER); (false) } unless { !alive[KILLED_PRODUCER] }
}

proctype Producer() {
    byte n, t, h; bool ok, mine;
    produce(PRODUCER);
    done = true
}

proctype KilledConsumer() {
    byte t, h, seen; bool ok, mine;
    { consume(KILLED_CONSUMER) } unless { !alive[KILLED_CONSUMER] }
}

proctype Consumer() {
    byte t, h, seen; bool ok, mine;
    consume(CONSUMER)
}

proctype Killer() {
#ifdef PRODUCER_DIES
    alive[KILLED_PRODUCER] = false
#else
    alive[KILLED_CONSUMER] = false
#endif
}

/* QueueObject.putOnce: an attempt for a call; a lock that is taken is looked at again. */
inline putFor(who) {
    atomic {
        ok = false;
        busy = putLock != FREE;
        if :: !busy -> putLock = MANAGER :: else fi
    };
    if
    :: busy
    :: else -> put(element[who]); putLock = FREE
    fi
}

/* QueueObject.takeOnce */
inline takeFor(who) {
    atomic {
        ok = false;
        busy = takeLock != FREE;
        if :: !busy -> takeLock = MANAGER :: else fi
    };
    if
    :: busy
    :: else -> take(who); takeLock = FREE
    fi
}

/* QueueObject.waiting: once, then with the flag, and once more. */
inline serve(who) {
    if
    :: calls[who] ->
        if
        :: who < KILLED_CONSUMER -> putFor(who)
        :: else -> takeFor(who)
        fi;
        if
        :: !ok && !busy ->
            if
            :: who < KILLED_CONSUMER -> wantsRoom = true
            :: else -> wantsElement = true
            fi;
#ifndef BUG_NO_SECOND_LOOK
            if
            :: who < KILLED_CONSUMER -> putFor(who)
            :: else -> takeFor(who)
            fi
#endif
        :: else
        fi;
        if
        :: ok -> atomic { calls[who] = false; moved = true }
        :: busy -> moved = true
        :: else
        fi;
        ok = false
    :: else
    fi
}

/* QueueLedger.departed, Ring.recover, and QueueObject.changed behind it. */
inline bury(who) {
    buried[who] = true;
    calls[who] = false;
#ifndef BUG_LOCKS_KEPT
    atomic { if :: putLock == who -> putLock = FREE :: else fi };
    atomic { if :: takeLock == who -> takeLock = MANAGER; mine = true :: else fi };
    if
    :: mine ->
        mine = false;
#ifndef BUG_NOT_COUNTED
        counted[who] = head - counted[KILLED_PRODUCER] - counted[PRODUCER] - counted[CONSUMER];
#endif
        takeLock = FREE
    :: else
    fi;
#endif
#ifndef BUG_DEATH_WAKES_NOBODY
    again = true
#endif
}

proctype Manager() {
    byte t, h, seen; bool ok, busy, mine;
end_idle:
    do
    :: told ? _ -> again = true
    :: again ->
        atomic { again = false; moved = false };
#ifdef PRODUCER_DIES
        serve(KILLED_PRODUCER);
#endif
        serve(PRODUCER);
#ifdef CONSUMER_DIES
        serve(KILLED_CONSUMER);
#endif
        serve(CONSUMER);
        if :: moved -> again = true :: else fi
    :: !alive[KILLED_PRODUCER] && !buried[KILLED_PRODUCER] -> bury(KILLED_PRODUCER)
    :: !alive[KILLED_CONSUMER] && !buried[KILLED_CONSUMER] -> bury(KILLED_CONSUMER)
    od
}

/* When nobody can go on. */
proctype AtTheEnd() {
    timeout ->
        assert(done);
        assert(head == tail);
        assert(putLock == FREE && takeLock == FREE);
        assert(counted[KILLED_CONSUMER] + counted[CONSUMER] == head)
}

init {
    atomic {
        run Manager();
        run Producer();
        run Consumer();
#ifdef PRODUCER_DIES
        run KilledProducer();
        run Killer();
#endif
#ifdef CONSUMER_DIES
        run KilledConsumer();
        run Killer();
#endif
        run AtTheEnd()
    }
}
