package dev.heddle;

import dev.heddle.engine.Engine;
import dev.heddle.engine.SimulatedEngine;
import dev.heddle.internal.Handles;
import dev.heddle.internal.Throwables;
import dev.heddle.internal.VirtualThreads;
import dev.heddle.internal.diagnosis.Watchdog;
import dev.heddle.internal.loop.Counters;
import dev.heddle.internal.loop.Inbox;
import dev.heddle.internal.loop.LoopCall;
import dev.heddle.internal.loop.RunQueue;
import dev.heddle.internal.loop.Schedulable;
import dev.heddle.internal.loop.Timer;
import dev.heddle.internal.loop.Timers;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The scheduler of one loop: the order of what is ready, what is due, what other threads left, and what the engine has.
 *
 * <p>Only the driving thread runs turns; the queue, the timers and the running fiber are its alone. Other threads reach
 * it through the inbox and, if it sleeps, wake its engine. The order of the two steps on each side makes a missed
 * wake-up impossible: the loop says that it is asleep and then looks into the inbox, the others fill the inbox and then
 * look whether it is asleep.
 */
final class Scheduler {

    /** Items that run between two looks at the engine, so that I/O is never starved. */
    static final int MAX_PER_TURN = 256;

    /** Items that run between two looks at the clock. */
    private static final int CLOCK_EVERY = 16;

    /** Items after which it is looked for {@link #rehearse}, and from then on again after as many. */
    private static final int REHEARSE_EVERY = 512;

    /** So many alive are a crowd. */
    private static final int CROWD = 256;

    private static final int REHEARSALS = 100;
    private static final AtomicBoolean REHEARSED = new AtomicBoolean();

    /** Waiting calls that may find everything ready before the task that makes them gives way. */
    static final int MAX_CALLS_PER_RUN = 1024;

    /** Time after which a turn's running ends early. */
    private static final long MAX_NANOS_PER_TURN = 2_000_000;

    /** So late a timer is only where something has held the loop up: a task, the collector, the system. */
    private static final long HELD_UP_NANOS = 10_000_000;

    /**
     * How often a simulation looks for a lock of a thread outside before others run, for which that thread may wait: in
     * about a second, of which a park takes more than it is told.
     */
    private static final int MAX_LOCK_LOOKS = 10_000;

    /** The same on a thread that is lent: some ten milliseconds, less than a picture of a user interface takes. */
    private static final int MAX_LENT_LOCK_LOOKS = 100;

    private static final long LOCK_LOOK_NANOS = 50_000;

    /** The unit of the coarse clock, so long that an int counts it for 248 days. */
    private static final long COARSE_NANOS = 10_000_000;

    /** Most cancels of one coarse time that take a stack along. */
    private static final int MAX_STACKS = 100;

    private static final VarHandle ASLEEP = Handles.of(
            MethodHandles.lookup(), Scheduler.class, "asleep", boolean.class);
    private static final VarHandle RUNNING = Handles.of(
            MethodHandles.lookup(), Scheduler.class, "running", Fiber.class);
    private static final VarHandle BEAT = Handles.of(MethodHandles.lookup(), Scheduler.class, "beat", long.class);

    private final Loop loop;
    private final Engine engine;
    private final Counters counters;
    private final @Nullable SimulatedEngine simulation;
    private final Inbox inbox = new Inbox();

    /** What was taken out of the inbox and not looked at yet. */
    private @Nullable Schedulable taken;

    /** Calls that have failed. */
    private @Nullable Schedulable broken;

    private final RunQueue ready = new RunQueue();
    private final Timers timers;
    private final ParkingLot idleWaiters = new ParkingLot("waiting for the loop to be idle");
    private final long startNanos;

    /** The thread that drives the loop now. Others may read an old value, but never their own thread by mistake. */
    private @Nullable Thread driver;

    /** What runs now; the watchdog reads it together with the beat, which counts the mounts. */
    private @Nullable Fiber running;

    private long beat;

    /** The waiting calls that what runs now has begun. */
    private int calls;

    /** At how many items it is next looked for {@link #rehearse}. */
    private long rehearseAt;

    /** When the clock was last looked at. */
    private long lastLook;

    /** The same as the time since the start. */
    private int coarseTime;

    /** How many cancels have taken a stack along at a coarse time. */
    private int stacks;
    private int stacksAt;

    /** A failure below the tasks that happened on another stack, and that the driving thread is to throw. */
    private volatile @Nullable Throwable escaped;

    /** The fiber that is made ready in order to run at once, past the queue. */
    private @Nullable Fiber direct;

    /** Whether the engine is being asked; others may see an old value. */
    private boolean polling;

    /** How long it may wait, for others too. */
    private long pollLimit;

    private volatile boolean asleep;
    private volatile boolean refusesCalls;
    private volatile boolean closed;

    /** Looks into the inbox of the closed loop that are wanted; only the first looks, so that the order is kept. */
    private final AtomicInteger looks = new AtomicInteger();

    Scheduler(Loop loop, Engine engine, Counters counters) {
        this.loop = loop;
        this.engine = engine;
        this.counters = counters;
        this.simulation = engine instanceof SimulatedEngine simulated ? simulated : null;
        // What a simulated loop does follows from its seed alone.
        this.rehearseAt = simulation == null ? REHEARSE_EVERY : Long.MAX_VALUE;
        this.startNanos = engine.nanoTime();
        this.timers = new Timers(startNanos);
    }

    // ---- the turn, on the driving thread ----

    /** One turn; it does not wait for the engine when the running has brought the end. */
    void turn(long mostNanos, BooleanSupplier end) {
        counters.turns++;
        takeInbox();
        if (counters.ran >= rehearseAt) {
            rehearse();
        }
        runReady();
        fireDue();
        if (!end.getAsBoolean()) {
            boolean awaitsIdle = !idleWaiters.isEmpty();
            poll(awaitsIdle || ready.size() > 0 ? 0 : mostNanos);
            if (awaitsIdle) {
                resumeIdleWaiter();
            }
        }
    }

    /**
     * Lives through some empty threads if a crowd of tasks has begun and hardly one has ended; once in a JVM, it takes
     * a millisecond.
     *
     * <p>The JIT compiler leaves a branch that it has never seen to the interpreter. Where it compiles the life of a
     * thread before it has seen one end, each that ends later falls back to the interpreter: ten microseconds each, ten
     * seconds for a million. It counts from the 200th call on and compiles at the 5,000th; in between it is shown some.
     */
    private void rehearse() {
        rehearseAt = counters.ran + REHEARSE_EVERY;
        if (counters.ended >= CROWD) {
            rehearseAt = Long.MAX_VALUE;
        } else if (counters.spawned - counters.ended >= CROWD) {
            rehearseAt = Long.MAX_VALUE;
            if (!REHEARSED.getAndSet(true)) {
                for (int i = 0; i < REHEARSALS; i++) {
                    var fiber = new Fiber(loop, "rehearsal", () -> {});
                    mountNow(fiber, () -> VirtualThreads.start(fiber.thread));
                }
            }
        }
    }

    /** Takes what other threads have left until now; on the driving thread. */
    void takeInbox() {
        if (taken == null) {
            taken = inbox.takeAll();
            if (taken != null && loop.recorder != null) {
                loop.recorder.takesFromOthers();
            }
        }
        while (taken != null) {
            Schedulable item = taken;
            if (item instanceof LoopCall call) {
                taken = Inbox.next(item);
                make(call);
            } else {
                tellReady(item);
                ready.add(item);
                taken = Inbox.next(item);
            }
        }
    }

    /** A recorder hears what has become ready, after that by which it has. On the driving thread. */
    private void tellReady(Schedulable item) {
        if (loop.recorder != null && item != running) {
            loop.recorder.ready(item.traceId());
        }
    }

    /** A call that fails brings the loop down, and is made again at the end: somebody may wait for what it does. */
    private void make(LoopCall call) {
        try {
            call.takeTurn();
        } catch (Throwable e) {
            call.nextInInbox = broken;
            broken = call;
            throw e;
        }
    }

    private void runReady() {
        if (ready.size() == 0) {
            return;
        }
        long end = lookAtClock() + MAX_NANOS_PER_TURN;
        for (int ran = 1; ready.size() > 0; ran++) {
            Schedulable item = simulation == null ? ready.take() : pick(simulation);
            if (item == null) {
                continue;
            }
            counters.ran++;
            item.takeTurn();
            if (ran % CLOCK_EVERY == 0 && (lookAtClock() - end >= 0 || ran >= MAX_PER_TURN)) {
                return;
            }
        }
    }

    /** Takes the item that a simulated engine picks; null if that keeps it back. */
    private @Nullable Schedulable pick(SimulatedEngine simulation) {
        Schedulable item = ready.size() == 1 ? ready.take() : ready.take(simulation.pick(ready.size()));
        if (item instanceof Fiber fiber) {
            loop.external.leave(fiber);
        }
        if (simulation.keepsBack(item.traceId(), () -> ready.add(item))) {
            return null;
        }
        simulation.trace(item.traceId());
        return item;
    }

    /** Tells the time, and notes it for those who do not need it exactly. */
    private long lookAtClock() {
        long now = engine.nanoTime();
        lastLook = now;
        coarseTime = coarse(now);
        return now;
    }

    private int coarse(long nowNanos) {
        return (int) ((nowNanos - startNanos) / COARSE_NANOS) & Integer.MAX_VALUE;
    }

    private void fireDue() {
        if (timers.size() == 0) {
            return;
        }
        long now = lookAtClock();
        if (now - timers.lookAgain() > HELD_UP_NANOS) {
            poll(0); // what has come meanwhile is first, or its sender would count as silent
            takeInbox();
            runReady();
            now = lookAtClock();
        }
        Timer due = timers.takeDue(now);
        if (due != null && loop.recorder != null) {
            loop.recorder.firesTimers(now - due.deadlineNanos);
        }
        while (due != null) {
            due.fire();
            due = timers.takeDue(now);
        }
    }

    /** Asks the engine for I/O, and waits at most so long for it. */
    void poll(long mostNanos) {
        long timeout = mostNanos;
        if (timeout > 0 && timers.size() > 0) {
            // A simulated clock jumps, and a jump to a time when nothing happens would show in the trace.
            long next = simulation != null ? timers.nearest() : timers.lookAgain();
            timeout = Math.min(timeout, Math.max(0, next - engine.nanoTime()));
        }
        counters.polls++;
        if (loop.recorder == null) {
            ask(timeout);
            return;
        }
        loop.recorder.polls();
        try {
            ask(timeout);
        } finally {
            if (loop.recorder != null) {
                loop.recorder.polled();
            }
        }
    }

    private void ask(long timeout) {
        pollLimit = 0;
        polling = true;
        if (timeout == 0) {
            try {
                engine.poll(0, false);
            } finally {
                polling = false;
            }
            return;
        }
        boolean possible;
        asleep = true;
        try {
            boolean external = simulation != null && loop.external.willWake();
            possible = engine.poll(limited(timeout), external);
            if (!possible && loop.external.mayWake()) {
                possible = engine.poll(limited(timeout), true);
            }
            if (!possible && simulation != null && limited(timeout) > 0) {
                possible = simulation.awaitOthers(loop.external.waitsForUnknown());
            }
        } finally {
            asleep = false;
            polling = false;
        }
        throwEscaped();
        Watchdog.loopAwake();
        lookAtClock();
        if (!possible && inbox.isEmpty() && ready.size() == 0) {
            loop.stalled();
        }
    }

    /** How long the engine may wait now that others see the loop asleep: not at all for what they left before. */
    private long limited(long timeout) {
        long limit = inbox.isEmpty() ? timeout : 0;
        pollLimit = limit;
        return limit;
    }

    /** Nothing was ready, and the engine had nothing either: one of those who wait for that goes on, the first. */
    private void resumeIdleWaiter() {
        if (ready.size() > 0 || !inbox.isEmpty()) {
            return;
        }
        if (timers.size() == 0 || timers.lookAgain() - engine.nanoTime() > 0) {
            idleWaiters.unpark();
        }
    }

    /** Runs the first of certain fibers that is ready, before all else, and returns it; null if none is. */
    @Nullable Fiber runFirst(Predicate<Fiber> which) {
        takeInbox();
        var found = (Fiber) ready.find(item -> item instanceof Fiber fiber && which.test(fiber));
        if (found != null) {
            ready.remove(found);
            mount(found);
        }
        return found;
    }

    /** Runs what is ready and does not ask the engine: what the last tasks left behind, or an engine that has failed. */
    void runLast() {
        takeInbox();
        runReady();
    }

    /** Whether an item has a turn to come; looks through all that have. */
    boolean isReady(Schedulable item) {
        return ready.find(each -> each == item) != null;
    }

    boolean hasReady() {
        return ready.size() > 0 || !inbox.isEmpty();
    }

    /** Runs a fiber until it waits, yields or ends. */
    void mount(Fiber fiber) {
        calls = 0;
        RUNNING.setRelease(this, fiber);
        BEAT.setRelease(this, beat + 1);
        Task<?> task = fiber.task;
        if (loop.recorder != null) {
            loop.recorder.runs(task);
        }
        if (loop.instrument != null && task != null) {
            loop.instrument.resumed(task);
        }
        try {
            do {
                fiber.resume();
            } while ((simulation != null || loop.isOnLentThread()) && gotLockOfOther(fiber));
        } finally {
            RUNNING.setRelease(this, (Fiber) null);
        }
        throwEscaped();
        if (task != null) {
            suspended(task);
        } else if (loop.instrument != null) {
            loop.instrument.calledBack();
        }
        if (simulation != null && fiber.isInForeignWait()) {
            loop.external.enter(fiber);
            tellTimedWait(simulation, fiber);
        }
    }

    /**
     * Waits in real time for a lock of a thread outside that the fiber wants, so that it goes on before anything else
     * runs, as if the lock had been free: a line that another thread logs must not change the order of a simulation. And
     * a thread that is lent must not stand in line for a lock behind a fiber that only it runs.
     */
    private boolean gotLockOfOther(Fiber fiber) {
        if (!loop.external.wantsLockOfOther(fiber.thread)) {
            return false;
        }
        int most = simulation == null ? MAX_LENT_LOCK_LOOKS : MAX_LOCK_LOOKS;
        for (int look = 0; look < most; look++) {
            takeInbox();
            if (ready.remove(fiber)) {
                return true;
            }
            LockSupport.parkNanos(LOCK_LOOK_NANOS);
        }
        return false;
    }

    /** Counts a waiting call of the running task; whether there were so many in a row that others should have a turn. */
    boolean hasHadItsRun() {
        if (++calls < MAX_CALLS_PER_RUN) {
            return false;
        }
        calls = 0;
        return true;
    }

    /** Has the next waiting call of the running task give way. */
    void endRun() {
        calls = MAX_CALLS_PER_RUN;
    }

    private void suspended(Task<?> task) {
        if (loop.instrument != null) {
            loop.instrument.suspended(task);
        }
        task.suspended();
    }

    /** A simulated engine hears of waits that only real time would end. */
    private void tellTimedWait(SimulatedEngine simulation, Fiber fiber) {
        if (fiber.isInTimedWait() && !loop.external.isOffloaded(fiber)) {
            String who = fiber.task == null ? "a callback" : fiber.task.toString();
            if (simulation.refusesRealTime(who, fiber.thread.getStackTrace()) && fiber.task == null) {
                fiber.thread.interrupt(); // no cancel reaches a callback
            }
        }
    }

    private void throwEscaped() {
        Throwable failure = escaped;
        if (failure != null) {
            escaped = null;
            throw Throwables.unchecked(failure);
        }
    }

    /** Takes a failure below the tasks that brings the loop down. Any thread. */
    void escaped(Throwable failure) {
        escaped = failure;
    }

    /** Makes a fiber ready and runs it at once, before what is in the queue. */
    void mountNow(Fiber fiber, Runnable makeReady) {
        direct = fiber;
        try {
            makeReady.run();
        } finally {
            direct = null;
        }
        mount(fiber);
    }

    /** Makes the calling thread the driver for some turns. */
    void drive(Runnable turns) {
        Thread current = Thread.currentThread();
        if (current.isVirtual()) {
            throw new IllegalStateException("a loop is driven by a platform thread, not by " + current);
        }
        if (closed) {
            throw new IllegalStateException(loop.name() + " has ended");
        }
        if (driver != null) {
            throw new IllegalStateException(loop.name() + " is driven by " + driver + " already");
        }
        driver = current;
        try {
            turns.run();
        } finally {
            driver = null;
        }
    }

    /** Takes no more tasks and callbacks of other threads in; those that are in the inbox by now still run. */
    void refuseCalls() {
        refusesCalls = true;
    }

    /** Takes nothing in any more. Calls that raced with the end are still made, so that nobody waits for ever. */
    void close() {
        closed = true;
        while (ready.size() > 0) {
            tellOfEnd(ready.take());
        }
        tellAllOfEnd(broken);
        tellAllOfEnd(taken);
        takeInboxOfClosed();
    }

    /**
     * Ends what is in the inbox, for several threads that may come at once: one does it for all, since a call that asks
     * for the end of a task must not overtake the one that brings the task.
     */
    private void takeInboxOfClosed() {
        int wanted = looks.incrementAndGet();
        if (wanted > 1) {
            return;
        }
        while (wanted > 0) {
            tellAllOfEnd(inbox.takeAll());
            wanted = looks.addAndGet(-wanted);
        }
    }

    private void tellAllOfEnd(@Nullable Schedulable first) {
        for (Schedulable item = first; item != null;) {
            Schedulable next = item.nextInInbox == null ? null : Inbox.next(item);
            tellOfEnd(item);
            item = next;
        }
    }

    /** What fails here must not keep the next one from hearing. */
    private void tellOfEnd(Schedulable item) {
        try {
            if (item instanceof LoopCall call) {
                call.takeTurn();
            } else if (item instanceof LoopCallback handle) {
                handle.loopHasEnded();
            }
        } catch (Throwable e) {
            loop.report("the end of " + loop.name() + " could not be told", e);
        }
    }

    // ---- from the tasks and from other threads ----

    boolean isClosed() {
        return closed;
    }

    boolean refusesCalls() {
        return refusesCalls;
    }

    /** Whether the calling code runs on the driving thread, in a task, a callback or below them. */
    boolean isHere() {
        return VirtualThreads.currentCarrier() == driver && driver != null;
    }

    /** Queues an item that has become ready. Any thread. */
    void schedule(Schedulable item) {
        if (isHere()) {
            if (item != direct) {
                tellReady(item);
                ready.add(item);
            }
            return;
        }
        LoopThread.tellLeft(loop, item);
        inbox.push(item);
        if (asleep && ASLEEP.compareAndSet(this, true, false)) {
            wake();
        }
        if (closed) {
            takeInboxOfClosed();
        }
    }

    /** An engine that cannot be woken brings its own loop down, not whoever has something for it. */
    private void wake() {
        try {
            engine.wake();
        } catch (Throwable e) {
            escaped(e);
            Thread sleeping = driver;
            if (sleeping != null) {
                sleeping.interrupt();
            }
        }
        Watchdog.loopAwake(); // it looks whether the engine comes back
    }

    /**
     * Makes a short call of ours on the loop: now, if the caller is there, else at its next turn.
     *
     * @return false if the loop has ended and the call is not made
     */
    boolean inLoop(Runnable call) {
        if (isHere()) {
            call.run();
            return true;
        }
        if (closed) {
            return false;
        }
        schedule(new LoopCall(call));
        return true;
    }

    /** Sets a timer; on the loop. */
    void addTimer(Timer timer, long deadlineNanos) {
        timers.add(timer, deadlineNanos);
    }

    /** Takes a timer back; on the loop. */
    void removeTimer(Timer timer) {
        timers.remove(timer);
    }

    /** Waits until nothing else is ready; for a task of this loop. */
    void awaitIdle() {
        idleWaiters.park();
    }

    // ---- facts ----

    /** When the loop last looked at its clock. */
    long lastLook() {
        return lastLook;
    }

    /** The time since the loop's start as of the last look at the clock, in units of its own; never negative. */
    int coarseTime() {
        return coarseTime;
    }

    /** Whether the code that is told of its cancel now gets a stack with it, see {@link CancelledException}. */
    boolean givesCancelAStack() {
        if (stacksAt != coarseTime) {
            stacksAt = coarseTime;
            stacks = 0;
        }
        return stacks++ < MAX_STACKS;
    }

    /** How long ago a coarse time was. Any thread. */
    Duration sinceCoarse(int then) {
        return Duration.ofNanos(nanosSinceCoarse(then));
    }

    /** The same without a duration, for whoever asks of a million tasks. */
    long nanosSinceCoarse(int then) {
        return ((coarse(engine.nanoTime()) - then) & Integer.MAX_VALUE) * COARSE_NANOS;
    }

    int readyItems() {
        return ready.size();
    }

    int timers() {
        return timers.size();
    }

    @Nullable Fiber running() {
        return running;
    }

    @Nullable Fiber runningAsSeenElsewhere() {
        return (Fiber) RUNNING.getAcquire(this);
    }

    long beatAsSeenElsewhere() {
        return (long) BEAT.getAcquire(this);
    }

    /** The turn in which the loop sleeps now, or -1 if it does not: for others, who then may read what it owns. */
    long turnAsleep() {
        return asleep ? counters.turns : -1;
    }

    boolean isAsleep() {
        return asleep;
    }

    /** The turn in which the loop asks its engine now, or -1 if it does not; a glance from any thread. */
    long turnPolling() {
        return polling ? counters.turns : -1;
    }

    /** How long the engine may wait that is being asked; a glance from any thread. */
    long pollLimit() {
        return pollLimit;
    }

    /** The oldest items that other threads have left, but not more than told; a glance from any thread. */
    List<Schedulable> left(int most) {
        return inbox.look(most);
    }

    /** The thread that drives the loop; a glance from any thread. */
    @Nullable Thread driverAsSeenElsewhere() {
        return driver;
    }

    /** The stack of the thread that drives the loop; empty if there is none. */
    StackTraceElement[] driverStack() {
        Thread driving = driver;
        return driving == null ? new StackTraceElement[0] : driving.getStackTrace();
    }
}
