/*
 * Closing an engine on io_uring while operations are in the kernel.
 *
 * Two loops, each with a ring: connections 0 and 1 on loop 0, connection 2 on loop 1. On each a receive and a send may be
 * under way: queued, taken by the kernel, ended and told of. A connection may be closed before, also while its message is
 * sent, so that it lingers. Then both loops close their engines, at the same time. The kernel ends operations when it
 * likes; that of ring 0 may be stubborn and keep sends, though they are cancelled, until the ring is closed.
 *
 * Checked: every close ends; no operation touches memory that was given back; each descriptor is closed once, and not used
 * behind that; a place is given back once, when nothing of its owner is under way, and before the memory; every wait ends.
 */

#define CONNECTIONS 3
#define LOOPS 2
#define RING_OF(connection) ((connection) / 2)

#ifndef MAX_LETTING_GO
#define MAX_LETTING_GO 2
#endif

mtype = { IDLE, QUEUED, IN_KERNEL, TOLD }; /* an operation: not there, in the ring, taken, its end not reaped yet */

#define RECEIVE 0
#define SEND 1
#define OPERATION(connection, kind) (2 * (connection) + (kind))

mtype operation[2 * CONNECTIONS] = IDLE;
bool cancelQueued[2 * CONNECTIONS];
bool cancelTaken[2 * CONNECTIONS];
bool stubborn[LOOPS];

#define IS_TOLD(c) (operation[OPERATION(c, RECEIVE)] == TOLD || operation[OPERATION(c, SEND)] == TOLD)

/* UringTransport */
bool open[CONNECTIONS] = true;
bool sending[CONNECTIONS];
bool receiving[CONNECTIONS];
bool pausing[CONNECTIONS];
bool descriptorClosed[CONNECTIONS];
bool closeQueued[CONNECTIONS];
byte timesClosed[CONNECTIONS];
bool placeGiven[CONNECTIONS];
bool waiting[CONNECTIONS];
bool reset[CONNECTIONS];

/* UringResources */
bool closing[LOOPS];
byte underWay[LOOPS];
bool cancelAllQueued[LOOPS];
bool ringClosed[LOOPS];
bool arenaClosed[LOOPS];
bool over[LOOPS];

/* Completions.begin and Ring.queue */
inline begin(connection, kind) {
    assert(operation[OPERATION(connection, kind)] == IDLE && !descriptorClosed[connection]);
    operation[OPERATION(connection, kind)] = QUEUED;
    cancelQueued[OPERATION(connection, kind)] = false;
    cancelTaken[OPERATION(connection, kind)] = false;
    underWay[RING_OF(connection)]++
}

/* UringOutput.cancel */
inline cancelSend(connection) {
    if
    :: sending[connection] -> cancelQueued[OPERATION(connection, SEND)] = true
    :: else
    fi
}

/* UringTransport.settle and closeDescriptor */
inline settle(connection) {
    if
#ifdef BUG_CLOSED_TWICE
    :: !sending[connection] ->
#else
    :: !descriptorClosed[connection] && !sending[connection] ->
#endif
        descriptorClosed[connection] = true;
        assert(!closeQueued[connection] && timesClosed[connection] == 0);
        closeQueued[connection] = true
    :: else
    fi;
    if
#ifdef BUG_PLACE_TOO_EARLY
    :: descriptorClosed[connection] && !sending[connection] && !placeGiven[connection] ->
#else
    :: descriptorClosed[connection] && !receiving[connection] && !sending[connection] ->
        assert(!placeGiven[connection]);
#endif
        placeGiven[connection] = true
    :: else
    fi
}

/* UringTransport.release, with UringInput.close */
inline close(connection) {
    if
    :: open[connection] ->
        open[connection] = false;
        if
        :: receiving[connection] && !pausing[connection] ->
            pausing[connection] = true;
            cancelQueued[OPERATION(connection, RECEIVE)] = true
        :: else
        fi;
        waiting[connection] = false;
        settle(connection)
    :: else
    fi
}

/* UringTransport.giveUp */
inline giveUp(connection) {
    reset[connection] = true;
    cancelSend(connection)
}

/* UringTransport.engineCloses */
inline engineCloses(connection) {
    if
    :: !open[connection] && !descriptorClosed[connection] -> giveUp(connection)
    :: open[connection] -> giveUp(connection); close(connection)
    :: else
    fi
}

/* Ring.enter: the kernel takes what is queued, in its order: operations, then cancels and closes. */
inline enter(ring) {
    c = 0;
    do
    :: c == CONNECTIONS -> break
    :: c < CONNECTIONS && RING_OF(c) == ring && !ringClosed[ring] ->
        o = OPERATION(c, RECEIVE);
        if :: operation[o] == QUEUED -> operation[o] = IN_KERNEL :: else fi;
        if :: cancelQueued[o] -> cancelQueued[o] = false; cancelTaken[o] = true :: else fi;
        o = OPERATION(c, SEND);
        if :: operation[o] == QUEUED -> operation[o] = IN_KERNEL :: else fi;
        if :: cancelQueued[o] -> cancelQueued[o] = false; cancelTaken[o] = true :: else fi;
        if
        :: cancelAllQueued[ring] -> cancelTaken[OPERATION(c, RECEIVE)] = true; cancelTaken[OPERATION(c, SEND)] = true
        :: else
        fi;
        if :: closeQueued[c] -> closeQueued[c] = false; timesClosed[c]++ :: else fi;
        c++
    :: else -> c++
    od;
    cancelAllQueued[ring] = false;
    c = 0; o = 0
}

/* Ring.reap, Completions.completed and UringTransport.completed */
inline reap(ring) {
    c = 0;
    do
    :: c == CONNECTIONS -> break
    :: c < CONNECTIONS && RING_OF(c) == ring ->
        if
        :: operation[OPERATION(c, RECEIVE)] == TOLD ->
            operation[OPERATION(c, RECEIVE)] = IDLE;
            underWay[ring]--;
            assert(!placeGiven[c]);
            receiving[c] = false;
            pausing[c] = false;
            waiting[c] = false;
            if :: !open[c] -> settle(c) :: else fi
        :: else
        fi;
        if
        :: operation[OPERATION(c, SEND)] == TOLD ->
            operation[OPERATION(c, SEND)] = IDLE;
            underWay[ring]--;
            assert(!placeGiven[c]);
            sending[c] = false;
            if :: !open[c] -> settle(c) :: else fi
        :: else
        fi;
        c++
    :: else -> c++
    od;
    c = 0
}

/* What tasks do, some turns, and then UringResources.close. */
proctype Loop(byte me) {
    byte c, o, turns, letting;
    byte mine = 2 * me;
    do
    :: turns == 2 || (me == 1 && turns == 1) -> break
    :: else ->
        atomic {
            if
            :: open[mine] && !receiving[mine] -> receiving[mine] = true; waiting[mine] = true; begin(mine, RECEIVE)
            :: open[mine] && !sending[mine] -> sending[mine] = true; begin(mine, SEND)
            :: open[mine] -> close(mine)
            :: me == 0 && open[1] && !sending[1] -> sending[1] = true; begin(1, SEND)
            :: me == 0 && open[1] -> close(1)
            :: true
            fi
        }
        if :: atomic { enter(me) } atomic { reap(me) } :: true fi;
        turns++
    od;
    turns = 0;
    closing[me] = true;
    atomic { enter(me) }
    atomic { reap(me) }
    /* Completions.close */
    atomic { engineCloses(mine); if :: me == 0 -> engineCloses(1) :: else fi }
    atomic { cancelAllQueued[me] = true }
    do
    :: underWay[me] > 0 && letting < MAX_LETTING_GO ->
        atomic { enter(me) }
        /* It waits until something is told, or for a time. */
        if
        :: IS_TOLD(mine) || (me == 0 && IS_TOLD(1))
        :: stubborn[me]
        fi;
        atomic { reap(me) }
        if :: stubborn[me] -> letting++ :: else fi
    :: else -> break
    od;
    letting = 0;
#ifndef BUG_LAST_NOT_SUBMITTED
    atomic { enter(me) }
#endif
    /* UringResources.closeDescriptors; the kernel takes back what is left some time after. */
    ringClosed[me] = true;
#ifdef BUG_MEMORY_GIVEN_BACK
    arenaClosed[me] = true;
#else
    if :: underWay[me] == 0 -> arenaClosed[me] = true :: else fi;
#endif
    over[me] = true
}

/* The kernel's work for one ring. A stubborn one keeps sends until the ring is closed, cancelled or not. */
#define ENDS(o) \
    :: atomic { (o) <= to && operation[o] == IN_KERNEL && (!stubborn[ring] || (o) % 2 == RECEIVE || ringClosed[ring]) -> \
            assert(!arenaClosed[ring]); \
            operation[o] = TOLD \
        }

proctype Kernel(byte ring; byte from; byte to) {
end:
    do
    ENDS(from)
    ENDS(from + 1)
    ENDS(from + 2)
    ENDS(from + 3)
    od
}

init {
    atomic {
        if :: stubborn[0] = true :: true fi;
        run Loop(0);
        run Loop(1);
        run Kernel(0, 0, 3);
        run Kernel(1, 4, 5)
    }
    atomic {
        timeout;
        assert(over[0] && over[1] && !waiting[0] && !waiting[1] && !waiting[2]);
        assert(!open[0] && !open[1] && !open[2]);
        assert(arenaClosed[1] && (arenaClosed[0] || stubborn[0]));
        assert(timesClosed[2] == 1);
        assert(stubborn[0] || (timesClosed[0] == 1 && timesClosed[1] == 1));
        assert(stubborn[0] || (placeGiven[0] && placeGiven[1]))
    }
}
