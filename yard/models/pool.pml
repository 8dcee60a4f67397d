/*
 * The errands of the process pool: its queue, its crew, and children that die.
 *
 * Three jobs from two loops: user 0 submits jobs 0 and 1 and may give job 0 up, which then may never end by itself; user 1
 * submits job 2, may give it up, and shuts the pool down, in peace or at once. The crew lives on a loop of its own, which
 * comes with the first job and goes when nobody is left. Children may die at any time, also at their start, after which
 * none may be started for a while; they are told to stop and do not; they are recalled, idle too long, and killed.
 *
 * Each method of JobQueue holds its lock, and is one step here. What happens on the crew's loop happens one after the other.
 *
 * Checked: every job that was admitted ends, the pool terminates, nothing is counted that is not there; a job begins once,
 * or as often as it may be tried.
 */

#define JOBS 3
#ifndef WORKERS
#define WORKERS 2
#endif
#ifndef MAX_QUEUED
#define MAX_QUEUED 0
#endif
#ifndef DEATHS
#define DEATHS 1
#endif
#define NONE 255

mtype = { OPEN, ANSWERED, FAILED, CANCELLED };          /* RemoteJob.end */
mtype = { WORK, CANCEL, RECALL, END, RESULT, RETURNED }; /* MessageKind */
mtype = { GONE, LIVE, STARTING, SERVING, MOURNING };     /* PoolWorker */
mtype = { UNWANTED, HURRY_ALL };                         /* WorkerProcesses.onLoop */
mtype = { NEVER_BEGUN, DIED, BARRED };                   /* why no child has come */

/* RemoteJob */
mtype outcome[JOBS] = OPEN;
bool unwanted[JOBS];
bool over[JOBS];
byte attempts[JOBS] = 1;
byte begun[JOBS];
byte mayBegin[JOBS] = 1;
bool admitted[JOBS];
bool endless;

/* JobQueue */
chan queue = [JOBS] of { byte };
chan submissions = [JOBS] of { byte };
bool refused[JOBS];
chan idle = [WORKERS] of { byte };
bool member[WORKERS]; /* workers */
chan jobs[WORKERS] = [JOBS] of { byte };
bool isBusy[WORKERS];
byte busy;
byte taken;
bool called;
bool shutDown;
bool drained;
bool terminated;

/* WorkerProcesses */
bool home;
bool up;
bool assignCalled;
chan calls = [4] of { mtype, byte };
bool barred;
bool opened;

/* Children */
bool alive[WORKERS];
chan toChild[WORKERS] = [8] of { mtype, byte };
chan fromChild[WORKERS] = [8] of { mtype, byte };
chan fifo[WORKERS] = [3] of { byte };
byte current[WORKERS] = NONE;
byte deaths = DEATHS;

#define IS_UNWANTED(job) (unwanted[job] || outcome[job] != OPEN)
#define MEMBERS (member[0] + (WORKERS > 1 -> member[WORKERS - 1] : 0))
#define HAS_ROOM (len(queue) + taken - busy < MAX_QUEUED + WORKERS - busy)
#define IS_ASSIGNABLE (len(queue) > 0 && (len(idle) > 0 || MEMBERS < WORKERS))

inline endJob(job, how) { if :: outcome[job] == OPEN -> outcome[job] = how :: else fi }

/* WorkerProcesses.call */
inline callHome() {
    if
    :: home -> assignCalled = assignCalled || up
    :: else -> home = true; opened = true
    fi
}

/* JobQueue.callCrew */
inline callCrew() {
    if
    :: !called && (IS_ASSIGNABLE || (shutDown && len(idle) > 0)) -> callHome(); called = true
    :: else
    fi
}

/* JobQueue.serveSubmissions */
inline serveSubmissions() {
    do
    :: !shutDown && len(submissions) > 0 && HAS_ROOM -> submissions ? x; admitted[x] = true; queue ! x; callCrew(); x = 0
    :: else -> break
    od
}

inline count(w) {
    if
    :: len(jobs[w]) > 0 && !isBusy[w] -> isBusy[w] = true; busy++
    :: len(jobs[w]) == 0 && isBusy[w] -> isBusy[w] = false; busy--
    :: else
    fi
}

/* JobQueue.give, of the first in the queue */
inline giveTo(w, job) { queue ? job; jobs[w] ! job; taken++; count(w) }

/* JobQueue.ended */
inline hearOfEnded(w) {
    taken = taken - ended[w];
    do
    :: ended[w] > 0 -> jobs[w] ? _; ended[w]--
    :: else -> break
    od;
    count(w);
    serveSubmissions()
}

/* JobQueue.checkEnd */
inline checkEnd() { if :: shutDown && len(queue) == 0 && MEMBERS == 0 -> terminated = true :: else fi }

/* JobQueue.putBack by WorkerProcess.putBack */
inline putBack(w, job) {
    atomic {
        assert(jobs[w] ?? [eval(job)]);
        jobs[w] ?? eval(job);
        taken--;
        count(w);
        wanted = !drained && !IS_UNWANTED(job);
        if
        :: wanted ->
            y = len(queue);
            queue ! job;
            do
            :: y > 0 -> queue ? x; queue ! x; y--
            :: else -> x = 0; break
            od
        :: else
        fi;
        serveSubmissions();
        callCrew()
    }
    if :: !wanted -> endJob(job, CANCELLED); over[job] = true :: else fi;
    wanted = false
}

/* JobQueue.exchange for the pipeline of a worker, which then gives the child what it got. */
inline exchange(w, most) {
    atomic {
        hearOfEnded(w);
        fresh = 0;
        do
        :: fresh < most && len(queue) > 0 && (!isBusy[w] || len(queue) > WORKERS - busy) -> giveTo(w, z); got[fresh] = z; fresh++; z = 0
        :: else -> break
        od;
        serveSubmissions();
        isIdle[w] = false;
        if
        :: isBusy[w]
        :: !isBusy[w] && shutDown && len(queue) == 0 -> sendEnd(w)
        :: else -> idle ! w; callCrew(); isIdle[w] = true
        fi
    }
}

/* WorkerProcess.end */
inline sendEnd(w) {
    if
    :: phase[w] == SERVING && !ending[w] -> ending[w] = true; toChild[w] ! END, 0
    :: else
    fi
}

/* JobPipeline.give */
inline give(w, job) {
    if
    :: IS_UNWANTED(job) -> putBack(w, job); endJob(job, FAILED)
    :: else -> told[job] = false; atomic { given[w] ! job; toChild[w] ! WORK, job }
    fi
}

/* JobPipeline.settle */
inline settle(w) {
    if :: most = 1 :: most = 2 fi;
    do
    :: len(given[w]) > most / 2 -> break
    :: else ->
        none = len(given[w]) == 0;
        exchange(w, (recalled[w] || hurried[w] != NONE -> 0 : most - len(given[w])));
        if
        :: fresh == 0 -> break
        :: fresh == 1 -> give(w, got[0])
        :: fresh == 2 -> give(w, got[0]); give(w, got[1])
        fi;
        got[0] = 0; got[1] = 0;
        if :: !none -> break :: else fi
    od;
    atomic { most = 0; fresh = 0; none = false }
}

/* JobPipeline.recall */
inline recall(w) {
    if
    :: len(given[w]) > 1 && !recalled[w] -> recalled[w] = true; toChild[w] ! RECALL, 0; exchange(w, 0)
    :: else
    fi
}

/* JobPipeline.cancel */
inline cancelIn(w, job) { if :: !told[job] -> told[job] = true; toChild[w] ! CANCEL, job :: else fi }

/* JobPipeline.hurry */
inline hurry(w) {
    given[w] ? <z>;
    if
    :: hurried[w] != z -> hurried[w] = z; recall(w); given[w] ? <z>; cancelIn(w, z)
    :: else
    fi;
    z = 0
}

inline kill(w) { atomic { killed[w] = true; alive[w] = false } }

/* JobQueue.leave, and the end of PoolWorker.live */
inline leave(w) {
    atomic {
        hearOfEnded(w);
        member[w] = false;
        callCrew();
        checkEnd();
        phase[w] = GONE
    }
    closeIfDeserted()
}

/* PoolWorker.leave: no child has come for its first job. */
inline leaveWith(w, why) {
    z = first[w];
    first[w] = NONE;
    again = why == BARRED || MEMBERS > 1;
    if
    :: !again && why == DIED -> attempts[z]--; again = attempts[z] > 0 && !IS_UNWANTED(z)
    :: else
    fi;
    if
    :: again -> putBack(w, z)
    :: else -> ended[w]++; over[z] = true; endJob(z, FAILED)
    fi;
    again = false;
    z = 0;
    leave(w)
}

/* WorkerProcesses.closeIfDeserted, JobQueue.isDeserted */
inline closeIfDeserted() {
    atomic {
#ifndef BUG_DESERTED_UNSEEN
        checkEnd();
#endif
        if
        :: MEMBERS == 0 && len(queue) == 0 ->
#ifndef BUG_CALLED_FOR_EVER
            called = false;
#endif
            home = false;
            up = false;
            assignCalled = false;
            do :: calls ? _, _ :: empty(calls) -> break od
        :: else
        fi
    }
}

/* JobQueue.assign and Home.assign */
inline assign() {
    do
    :: true ->
        atomic {
            called = false;
            serveSubmissions();
            who = NONE;
            z = NONE;
            if
            :: IS_ASSIGNABLE && len(idle) > 0 -> idle ? who; giveTo(who, z)
            :: IS_ASSIGNABLE && len(idle) == 0 && !barred ->
                if :: phase[0] == GONE && !member[0] -> who = 0 :: else -> who = WORKERS - 1 fi;
                assert(phase[who] == GONE && !member[who]);
                member[who] = true;
                giveTo(who, z)
            :: !IS_ASSIGNABLE && shutDown && len(idle) > 0 -> idle ? who
            :: else
            fi
        }
        if
        :: who == NONE -> z = 0; break
        :: who != NONE && z == NONE -> isIdle[who] = false; sendEnd(who)
        :: who != NONE && z != NONE -> /* PoolWorker.begin */
            isIdle[who] = false;
            if
            :: phase[who] == GONE -> atomic { first[who] = z; phase[who] = LIVE; cut[who] = false }
            :: phase[who] == SERVING && !alive[who] -> first[who] = z
            :: phase[who] == SERVING && alive[who] -> give(who, z); settle(who)
            fi
        fi;
        who = 0; z = 0
    od;
    who = 0;
    /* Home.waitForStarts, JobQueue.takeHopeless */
    if
    :: barred ->
        atomic {
            if
            :: MEMBERS == 0 ->
                y = len(queue);
                do
                :: y > 0 ->
                    queue ? x;
                    if :: attempts[x] <= 1 -> over[x] = true; endJob(x, FAILED) :: else -> queue ! x fi;
                    y--
                :: else -> x = 0; break
                od;
                serveSubmissions()
            :: else
            fi
        }
    :: else
    fi;
    closeIfDeserted()
}

/* PoolWorker.serve, from its first job on */
inline serve(w) {
    z = first[w];
    atomic {
        first[w] = NONE;
        phase[w] = SERVING;
        alive[w] = true;
        ending[w] = false; killed[w] = false; recalled[w] = false; hurried[w] = NONE;
        current[w] = NONE;
        do :: fifo[w] ? _ :: empty(fifo[w]) -> break od;
        do :: toChild[w] ? _, _ :: empty(toChild[w]) -> break od
    }
    give(w, z);
    z = 0;
    settle(w)
}

/* JobPipeline.take, a frame of a child */
inline take(w) {
    fromChild[w] ? kind, z;
    if
    :: kind == RETURNED ->
        given[w] ?? eval(z);
        recalled[w] = recalled[w] && len(given[w]) > 0;
        if :: hurried[w] == z -> hurried[w] = NONE :: else fi;
        putBack(w, z);
        if :: IS_UNWANTED(z) -> endJob(z, FAILED) :: else fi
    :: else ->
        atomic { given[w] ? y; assert(y == z); y = 0 }
        if :: hurried[w] == z -> hurried[w] = NONE :: else fi;
        recalled[w] = false;
        ended[w]++;
        over[z] = true;
        endJob(z, ANSWERED)
    fi;
    kind = 0; z = 0;
    if
    :: len(given[w]) > 0 ->
        given[w] ? <z>;
        if :: told[z] -> hurry(w) :: else fi;
        z = 0
    :: else
    fi;
    settle(w)
}

/* The end of PoolWorker.serve: the connection has ended. */
inline lose(w) {
    isIdle[w] = false;
#ifndef BUG_NOT_RETIRED
    atomic { if :: idle ?? [eval(w)] -> idle ?? eval(w) :: else fi }
#endif
    lost[w] = NONE;
    hurried[w] = NONE;
    do
#ifdef BUG_ALL_PUT_BACK
    :: len(given[w]) > 0 -> given[w] ? z; putBack(w, z)
#else
    :: len(given[w]) > 1 -> atomic { given[w] ? y; given[w] ? z; given[w] ! y; y = 0 } putBack(w, z)
    :: len(given[w]) == 1 -> given[w] ? z; lost[w] = z
#endif
    :: len(given[w]) == 0 -> break
    od;
    z = 0;
    phase[w] = MOURNING
}

/* PoolWorker.lost, once the child is buried, and the next turn of PoolWorker.live */
inline mourn(w) {
    if
    :: lost[w] != NONE ->
        z = lost[w];
        lost[w] = NONE;
        if
        :: !killed[w] -> attempts[z]--; again = attempts[z] > 0 && !IS_UNWANTED(z)
        :: else
        fi;
        if
        :: again -> putBack(w, z)
        :: else -> ended[w]++; over[z] = true; endJob(z, FAILED)
        fi;
        again = false;
        z = 0
    :: else
    fi;
    if
    :: first[w] != NONE -> phase[w] = LIVE
    :: else -> /* JobQueue.nextOrLeave */
        atomic {
            hearOfEnded(w);
            if
            :: len(queue) > 0 -> giveTo(w, z); first[w] = z; z = 0; serveSubmissions(); phase[w] = LIVE; cut[w] = false
            :: else
            fi
        }
        if :: first[w] == NONE -> leave(w) :: else fi
    fi
}

/* What the loop of the crew does for one worker. */
#define EVENTS(w) \
    :: atomic { up && phase[w] == LIVE && !barred -> phase[w] = STARTING } \
    :: atomic { up && phase[w] == LIVE && barred -> leaveWith(w, BARRED) } \
    :: atomic { up && phase[w] == STARTING && !IS_UNWANTED(first[w]) && !cut[w] -> serve(w) } \
    :: atomic { up && phase[w] == STARTING && (IS_UNWANTED(first[w]) || cut[w]) -> leaveWith(w, NEVER_BEGUN) } \
    :: atomic { up && phase[w] == STARTING && deaths > 0 -> deaths--; barred = true; leaveWith(w, DIED) } \
    :: atomic { up && phase[w] == SERVING && len(fromChild[w]) > 0 -> take(w) } \
    :: atomic { up && phase[w] == SERVING && len(fromChild[w]) == 0 && !alive[w] -> lose(w) } \
    :: atomic { up && phase[w] == MOURNING -> mourn(w) } \
    :: atomic { up && phase[w] == SERVING && alive[w] && (hurried[w] != NONE || ending[w]) -> kill(w) } \
    :: atomic { up && phase[w] == SERVING && alive[w] && len(given[w]) > 1 && !recalled[w] -> recall(w) } \
    :: atomic { up && phase[w] == SERVING && isIdle[w] -> /* PoolWorker.lookIdle */ \
        isIdle[w] = false; \
        if :: idle ?? [eval(w)] -> idle ?? eval(w); sendEnd(w) :: else fi }

proctype Crew() {
    /* PoolWorker and JobPipeline */
    mtype phase[WORKERS] = GONE;
    byte first[WORKERS] = NONE;
    chan given[WORKERS] = [3] of { byte };
    byte hurried[WORKERS] = NONE;
    bool told[JOBS];
    bool recalled[WORKERS];
    byte ended[WORKERS];
    bool isIdle[WORKERS];
    bool ending[WORKERS];
    bool killed[WORKERS];
    bool cut[WORKERS];
    byte lost[WORKERS] = NONE;
    byte x, y, z, who, most, fresh;
    byte got[2];
    bool wanted, none, again;
    mtype kind;
end:
    do
    :: atomic { home && opened && !up -> opened = false; up = true; assign() }
    :: atomic { up && assignCalled -> assignCalled = false; assign() }
    :: atomic { up && barred -> barred = false; assign() } /* Home.startAlarm */
    EVENTS(0)
#if WORKERS > 1
    EVENTS(1)
#endif
    :: atomic { up && nempty(calls) ->
        calls ? kind, z;
        who = 0;
        do
        :: who == WORKERS -> break
        :: who < WORKERS ->
            if
            :: kind == UNWANTED && phase[who] == SERVING && given[who] ?? [eval(z)] -> /* JobPipeline.unwanted */
                given[who] ? <y>;
                if
                :: y == z -> y = 0; hurry(who)
                :: else -> y = 0; cancelIn(who, z)
                fi;
                break
            :: else ->
                if
                :: phase[who] != GONE && (kind == HURRY_ALL || first[who] == z) -> /* PoolWorker.hurry */
                    if
                    :: phase[who] == STARTING || phase[who] == LIVE -> cut[who] = phase[who] == STARTING
                    :: phase[who] == SERVING && first[who] != NONE -> kill(who)
                    :: else
                    fi;
                    if
                    :: phase[who] == SERVING && len(given[who]) > 0 -> hurry(who)
                    :: else
                    fi
                :: else
                fi;
                who++
            fi
        od;
        who = 0; z = 0; kind = 0 }
    od
}

proctype Child(byte w) {
    byte job;
    mtype kind;
end:
    do
    :: atomic { alive[w] && nempty(toChild[w]) ->
            toChild[w] ? kind, job;
            if
            :: kind == WORK -> fifo[w] ! job
            :: kind == CANCEL && fifo[w] ?? [eval(job)] -> fifo[w] ?? eval(job); fromChild[w] ! RETURNED, job
            :: kind == RECALL ->
                do
                :: fifo[w] ? job -> fromChild[w] ! RETURNED, job
                :: empty(fifo[w]) -> break
                od
            :: kind == END -> alive[w] = false
            :: else
            fi;
            kind = 0; job = 0
        }
    :: atomic { alive[w] && current[w] == NONE && nempty(fifo[w]) ->
            fifo[w] ? job;
            current[w] = job;
           
            begun[job]++;
            assert(begun[job] <= mayBegin[job]);
            job = 0
        }
    :: atomic { alive[w] && current[w] != NONE && !(current[w] == 0 && endless) ->
            fromChild[w] ! RESULT, current[w]; current[w] = NONE
        }
    :: atomic { alive[w] && deaths > 0 -> deaths--; alive[w] = false }
    od
}

/* JobQueue.admit */
inline admit(job) {
    atomic {
        if
        :: shutDown -> refused[job] = true
        :: !shutDown && len(submissions) == 0 && HAS_ROOM -> admitted[job] = true; queue ! job; callCrew()
        :: else -> submissions ! job
        fi
    }
    admitted[job] || refused[job]
}

/* WorkerProcesses.unwanted */
inline giveUp(job) {
    atomic {
        waited = queue ?? [eval(job)];
        if :: waited -> queue ?? eval(job) :: else fi;
        serveSubmissions()
    }
    if
    :: waited ->
        endJob(job, CANCELLED);
        over[job] = true
    :: else -> atomic { if :: home && up -> calls ! UNWANTED, job :: else fi }
    fi;
    waited = false
}

/* JobQueue.shutdown */
inline shutdown() {
    shutDown = true;
    do
    :: submissions ? x -> refused[x] = true
    :: empty(submissions) -> x = 0; break
    od;
    callCrew();
    checkEnd()
}

proctype User0() {
    byte x;
    bool waited;
    admit(0);
    admit(1);
    if
    :: endless && admitted[0] -> unwanted[0] = true; giveUp(0) /* as RemoteJob.join does when cancelled */
    :: else
    fi
}

proctype User1() {
    byte x, w, n;
    bool waited, turnSeen;
    admit(2);
    if
#ifndef PLAIN
    :: admitted[2] -> atomic { waited = outcome[2] == OPEN; endJob(2, CANCELLED) } if :: waited -> giveUp(2) :: else fi
#endif
    :: true
    fi;
    if
    :: atomic { shutdown() } /* WorkerProcesses.shutdownNow, with JobQueue.drain */
        atomic {
            drained = true;
            do
            :: queue ? x -> endJob(x, CANCELLED)
            :: empty(queue) -> x = 0; break
            od;
            w = 0;
            do
            :: w == WORKERS -> w = 0; break
            :: else ->
                n = len(jobs[w]);
                turnSeen = false;
                do
                :: n > 0 ->
                    jobs[w] ? x;
                    jobs[w] ! x;
                    if
                    :: turnSeen -> endJob(x, CANCELLED)
                    :: !turnSeen && !over[x] -> turnSeen = true
                    :: else
                    fi;
                    n--
                :: else -> x = 0; turnSeen = false; break
                od;
                w++
            od;
            if :: home && up -> calls ! HURRY_ALL, NONE :: else fi;
            checkEnd()
        }
    :: atomic { shutdown() }
    fi;
    terminated
}

init {
    atomic {
        attempts[1] = 2;
        mayBegin[1] = 2;
#ifndef PLAIN
        if :: endless = true :: endless = false fi;
#endif
        run Crew();
        run User0();
        run User1();
        run Child(0);
#if WORKERS > 1
        run Child(1);
#endif
    }
    atomic {
        timeout;
        assert(terminated);
        assert(!admitted[0] || outcome[0] != OPEN);
        assert(!admitted[1] || outcome[1] != OPEN);
        assert(!admitted[2] || outcome[2] != OPEN);
        assert(taken == 0 && busy == 0 && len(idle) == 0 && len(queue) == 0 && !home)
    }
}
