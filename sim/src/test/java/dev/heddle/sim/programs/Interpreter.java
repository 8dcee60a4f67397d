package dev.heddle.sim.programs;

import static dev.heddle.Heddle.checkpoint;
import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.shield;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static dev.heddle.Heddle.timeout;

import dev.heddle.Action;
import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.TaskGroup;
import dev.heddle.sim.SimRandom;
import dev.heddle.sync.Acquirable;
import dev.heddle.sync.BoundedSemaphore;
import dev.heddle.sync.Channel;
import dev.heddle.sync.Event;
import dev.heddle.sync.Limiter;
import dev.heddle.sync.Mutex;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** One run of a {@link Program}: does what it says, and tells the {@link Model} of each step before and after it. */
final class Interpreter {

    /** After this time everything is cancelled, since programs may wait for what never comes. */
    private static final int HORIZON = 100;

    /** In how many runs one task is cancelled by chance, and most steps until then. */
    private static final double FAULTS = 0.5;

    private static final int LATEST_FAULT = 30;

    private final Model model;
    private final SimRandom random;
    private final Map<Integer, Channel<Integer>> channels = new HashMap<>();
    private final Map<Integer, ModelChannel> modelChannels = new HashMap<>();
    private final Map<String, Acquirable> permits = new HashMap<>();
    private final Map<String, ModelPermits> modelPermits = new HashMap<>();
    private final Map<Integer, Event> events = new HashMap<>();
    private final Map<Integer, ModelEvent> modelEvents = new HashMap<>();
    private final Map<Integer, Promise<Object>> promises = new HashMap<>();
    private final Map<Integer, ModelPromise> modelPromises = new HashMap<>();
    private final Map<Integer, Spawned> tasks = new HashMap<>();
    private final Map<Integer, Opened> scopes = new HashMap<>();
    private int fault;
    private int elements;
    private int failures;
    private int spawned;

    Interpreter(Model model, SimRandom random) {
        this.model = model;
        this.random = random;
        fault = random.chance(FAULTS) ? random.below(LATEST_FAULT) : -1;
    }

    /** Where a statement stands. */
    private record Frame(ModelTask task, @Nullable TaskGroup group, @Nullable ModelGroup modelGroup) {

        /** What a task is inside that does not belong to the group. */
        Frame of(ModelTask other, boolean inGroup) {
            return inGroup ? new Frame(other, group, modelGroup) : new Frame(other, null, null);
        }
    }

    private record Spawned(Task<?> task, ModelTask model) {}

    private record Opened(CancelScope scope, ModelScope model) {}

    /** Runs the program in a task of its own, to the end of that task and of all that it has. */
    void run(Program program) {
        ModelTask main = model.main();
        Task<Void> task = spawn(() -> {
            try {
                body(main, () -> mainBody(program, new Frame(main, null, null)));
            } catch (RuntimeException e) {
                main.seen = true; // as the model was told
            }
        });
        tasks.put(-1, new Spawned(task, main));
        task.awaitOutcome();
    }

    private void mainBody(Program program, Frame frame) throws Exception {
        scoped(
                frame,
                "moveOnAfter(" + HORIZON + ")",
                false,
                HORIZON,
                (scope, inside) -> moveOnAfter(millis(HORIZON), inside),
                () -> block(program.body(), frame));
    }

    /** Looks whether what is left is what the model has. */
    void checkHeld() {
        channels.forEach((number, channel) -> {
            ModelChannel expected = held(modelChannels, number);
            model.held("the size of c" + number, expected.buffer.size(), channel.statistics().size());
            model.held("who waits for c" + number, 0,
                    channel.statistics().waitingReceivers() + channel.statistics().waitingSenders());
            for (Optional<Integer> left = channel.tryReceive(); left.isPresent(); left = channel.tryReceive()) {
                model.held("what is in c" + number, expected.tryReceive(), left.get());
            }
        });
        permits.forEach((name, acquirable) -> model.held(name, 0, switch (acquirable) {
            case Mutex mutex -> (mutex.isHeld() ? 1 : 0) + mutex.statistics().waiting();
            case BoundedSemaphore semaphore ->
                semaphore.statistics().permits() - semaphore.statistics().available()
                        + semaphore.statistics().waiting();
            case Limiter limiter -> limiter.statistics().borrowed() + limiter.statistics().waiting();
            default -> throw new IllegalStateException("what is " + acquirable);
        }));
        events.forEach((number, event) -> model.held("who waits for e" + number, 0, event.statistics().waiting()));
    }

    private static <K, V> V held(Map<K, V> map, K key) {
        V value = map.get(key);
        if (value == null) {
            throw new IllegalStateException("nothing for " + key);
        }
        return value;
    }

    // ---- statements ----

    private void block(List<Statement> statements, Frame frame) throws Exception {
        for (Statement each : statements) {
            step(each, frame);
        }
    }

    private void step(Statement it, Frame frame) throws Exception {
        if (model.broken() != null) {
            throw new Failure(0); // the model knows no more what is right
        }
        causeFault();
        ModelTask me = frame.task();
        String what = it.verb().form.block ? it.line().replace(" {", "") : it.line();
        Action inside = () -> block(it.body(), frame);
        switch (it.verb()) {
            case SLEEP -> call(it.number() == 0 ? model.checkpoint(me) : model.sleep(me, it.number()), () -> {
                sleep(millis(it.number()));
                return Call.DONE;
            });
            case CHECKPOINT -> call(model.checkpoint(me), () -> {
                checkpoint();
                return Call.DONE;
            });
            case TIMEOUT -> scoped(frame, what, false, it.number(), (scope, body) -> {
                timeout(millis(it.number()), body);
                return true;
            }, inside);
            case MOVE_ON_AFTER ->
                scoped(frame, what, false, it.number(), (scope, body) -> moveOnAfter(millis(it.number()), body), inside);
            case SHIELD -> scoped(frame, what, true, it.number(), (scope, body) -> {
                shield(millis(it.number()), body);
                return true;
            }, inside);
            case OPEN -> scoped(frame, what, false, -1, (scope, body) -> CancelScope.open(opened -> {
                scopes.put(it.target(), new Opened(opened, scope));
                try {
                    body.run();
                } finally {
                    scopes.remove(it.target());
                }
            }), inside);
            case CANCEL_SCOPE -> {
                Opened scope = scopes.get(it.target());
                if (scope != null) {
                    model.step(me, what);
                    scope.model.cancel();
                    scope.scope.cancel("a scope's");
                }
            }
            case OFFLOAD -> {
                Call entering = model.checkpoint(me);
                boolean[] entered = new boolean[1];
                model.begin(entering);
                try {
                    offload(() -> {
                        entered[0] = true;
                        model.end(entering, Call.DONE);
                        inside.run();
                    });
                } catch (CancelledException e) {
                    if (!entered[0]) {
                        model.end(entering, Call.CANCELLED);
                    }
                    throw e;
                }
            }
            case ATTEMPT -> {
                try {
                    inside.run();
                } catch (CancelledException e) {
                    throw e;
                } catch (RuntimeException e) {
                    model.step(me, "catches " + Model.name(e));
                }
            }
            case SWALLOW -> {
                try {
                    inside.run();
                } catch (CancelledException e) {
                    model.step(me, "swallows its cancel");
                    me.swallowedIn = me.scope;
                }
            }
            case FINALLY -> {
                try {
                    block(it.body().subList(0, it.body().size() / 2), frame);
                } finally {
                    block(it.body().subList(it.body().size() / 2, it.body().size()), frame);
                }
            }
            case REPEAT -> {
                for (int i = 0; i < it.number(); i++) {
                    inside.run();
                }
            }
            case FAIL -> {
                var failure = new Failure(++failures);
                model.step(me, "throws " + failure);
                throw failure;
            }
            case GROUP -> group(it, frame);
            case CANCEL_GROUP -> {
                if (frame.group() != null && frame.modelGroup() != null) {
                    model.step(me, what);
                    frame.modelGroup().scope.cancel();
                    frame.group().cancel("a group's");
                }
            }
            case SPAWN_IN_GROUP -> spawnTask(it, frame, frame.group(), frame.modelGroup());
            case SPAWN -> spawnTask(it, frame, null, null);
            case JOIN -> {
                Spawned other = tasks.get(it.target());
                if (other != null) {
                    call(model.join(me, other.model), () -> {
                        other.task.join();
                        return Call.DONE;
                    });
                }
            }
            case CANCEL -> {
                Spawned other = tasks.get(it.target());
                if (other != null) {
                    model.step(me, what);
                    other.model.root.cancel();
                    other.task.cancel("a task's");
                }
            }
            case SEND -> {
                int element = ++elements;
                call(modelChannel(it).send(me, element, what + " " + element, ModelScope.NEVER), () -> {
                    channel(it).send(element);
                    return Call.DONE;
                });
            }
            case SEND_WITHIN -> {
                int element = ++elements;
                call(modelChannel(it).send(me, element, what + " " + element, limit(it)), () ->
                        inTime(channel(it).sendWithin(element, millis(it.number()))));
            }
            case TRY_SEND -> {
                int element = ++elements;
                model.step(me, what + " " + element);
                Object expected = modelChannel(it).trySend(element);
                model.result(me, what, expected, outcome(() -> inTime(channel(it).trySend(element))));
            }
            case RECEIVE -> call(
                    modelChannel(it).receive(me, what, ModelScope.NEVER), () -> channel(it).receive());
            case RECEIVE_WITHIN -> call(modelChannel(it).receive(me, what, limit(it)), () ->
                    inTime(channel(it).receiveWithin(millis(it.number()))));
            case TRY_RECEIVE -> {
                model.step(me, what);
                Object expected = modelChannel(it).tryReceive();
                model.result(me, what, expected, outcome(() -> inTime(channel(it).tryReceive())));
            }
            case CLOSE -> {
                model.step(me, what);
                modelChannel(it).close();
                channel(it).close();
            }
            case ABORT -> {
                model.step(me, what);
                modelChannel(it).abort();
                channel(it).abort();
            }
            case LOCK, PERMIT, TOKEN -> holding(it, frame, what, ModelScope.NEVER, (acquirable, body) -> {
                acquirable.run(body);
                return true;
            });
            case LOCK_WITHIN, PERMIT_WITHIN, TOKEN_WITHIN -> holding(it, frame, what, limit(it), (acquirable, body) -> {
                if (!acquirable.acquireWithin(millis(it.number()))) {
                    return false;
                }
                try {
                    body.run();
                } finally {
                    acquirable.release();
                }
                return true;
            });
            case TRY_PERMIT -> {
                model.step(me, what);
                boolean got = permits(it).tryAcquire();
                model.result(me, what, modelPermits(it).tryAcquire(me), got);
                if (got) {
                    try {
                        inside.run();
                    } finally {
                        release(it, me);
                        permits(it).release();
                    }
                }
            }
            case SET -> {
                model.step(me, what);
                modelEvent(it).set();
                event(it).set();
            }
            case CLEAR -> {
                model.step(me, what);
                modelEvent(it).clear();
                event(it).clear();
            }
            case AWAIT -> call(modelEvent(it).await(me, what, ModelScope.NEVER), () -> {
                event(it).await();
                return Call.DONE;
            });
            case AWAIT_WITHIN -> call(
                    modelEvent(it).await(me, what, limit(it)), () -> inTime(event(it).awaitWithin(millis(it.number()))));
            case KEEP -> {
                Object value = "value " + ++elements;
                model.step(me, what + " " + value);
                model.result(me, what, modelPromise(it).decide(value), promise(it).tryComplete(value));
            }
            case BREAK -> {
                var failure = new Failure(++failures);
                model.step(me, what + " " + failure);
                model.result(me, what, modelPromise(it).decide(failure), promise(it).tryFail(failure));
            }
            case CANCEL_PROMISE -> {
                model.step(me, what);
                model.result(me, what, modelPromise(it).decide(Call.TASK_CANCELLED), promise(it).cancel("a promise's"));
            }
            case JOIN_PROMISE -> call(modelPromise(it).join(me, what), () -> promise(it).join());
        }
    }

    /** Cancels one task by chance. */
    private void causeFault() {
        if (fault < 0 || fault-- > 0 || tasks.isEmpty()) {
            return;
        }
        Spawned victim = random.oneOf(new ArrayList<>(tasks.values()));
        model.step(victim.model, "is cancelled by a fault");
        model.happened(Sometimes.CANCEL_BY_CHANCE);
        victim.model.root.cancel();
        victim.task.cancel("a fault");
    }

    // ---- calls ----

    /** A call that may wait. Its cancel and failures of others come out. */
    private void call(Call call, Callable<?> body) throws Exception {
        model.begin(call);
        try {
            model.end(call, body.call());
        } catch (CancelledException e) {
            model.end(call, Call.CANCELLED);
            throw e;
        } catch (RuntimeException e) {
            Object outcome = known(e);
            model.end(call, outcome == null ? e : outcome);
            if (outcome == null) {
                throw e;
            }
        }
    }

    /** What a call gives that does not wait. */
    private static Object outcome(Callable<?> body) throws Exception {
        try {
            return body.call();
        } catch (RuntimeException e) {
            Object outcome = known(e);
            return outcome == null ? e : outcome;
        }
    }

    /** The outcome that an exception stands for; null for failures of bodies. */
    private static @Nullable Object known(RuntimeException e) {
        return switch (e) {
            case ClosedException closed -> Call.CLOSED;
            case BrokenException broken -> Call.BROKEN;
            case TaskCancelledException cancelled -> Call.TASK_CANCELLED;
            case IllegalStateException refused -> Call.REFUSED;
            default -> null;
        };
    }

    private static Object inTime(boolean done) {
        return done ? Call.DONE : Call.TOO_LATE;
    }

    private static Object inTime(Optional<?> element) {
        return element.isPresent() ? element.get() : Call.TOO_LATE;
    }

    private long limit(Statement it) {
        return model.time() + it.number();
    }

    private static Duration millis(int millis) {
        return Duration.ofMillis(millis);
    }

    // ---- scopes ----

    /** Runs a body in a scope; whether it was done. */
    private interface Scoped {
        boolean run(ModelScope scope, Action body) throws Exception;
    }

    private void scoped(Frame frame, String what, boolean shield, int deadline, Scoped call, Action inside)
            throws Exception {
        ModelTask me = frame.task();
        ModelScope scope =
                model.enter(me, what, shield, deadline < 0 ? ModelScope.NEVER : model.time() + deadline);
        if (deadline == 0) {
            scope.cancel();
        }
        Throwable[] thrown = new Throwable[1];
        try {
            boolean done = call.run(scope, () -> {
                try {
                    inside.run();
                } catch (Throwable e) {
                    thrown[0] = e;
                    throw e;
                }
            });
            model.leave(me, scope, what, thrown[0], null, !done);
        } catch (RuntimeException e) {
            model.leave(me, scope, what, thrown[0], e, false);
            if (!(e instanceof DeadlineExceededException)) {
                throw e;
            }
        }
    }

    // ---- groups and tasks ----

    private void group(Statement it, Frame frame) throws Exception {
        ModelGroup group = model.openGroup(frame.task());
        try {
            Heddle.group(g -> {
                Throwable thrown = null;
                try {
                    block(it.body(), new Frame(frame.task(), g, group));
                } catch (Throwable e) {
                    thrown = e;
                    throw e;
                } finally {
                    model.groupBodyEnded(group, thrown);
                }
            });
            model.groupEnded(group, null);
        } catch (RuntimeException e) {
            model.groupEnded(group, e);
            throw e;
        }
    }

    private void spawnTask(Statement it, Frame frame, @Nullable TaskGroup group, @Nullable ModelGroup modelGroup) {
        ModelTask task = model.spawn("t" + it.target() + "#" + ++spawned, frame.task(), modelGroup);
        Frame inside = frame.of(task, group != null);
        Action body = () -> body(task, () -> block(it.body(), inside));
        tasks.put(it.target(), new Spawned(group == null ? spawn(body) : group.spawn(body), task));
    }

    private void body(ModelTask task, Action body) throws Exception {
        Throwable thrown = null;
        model.started(task);
        try {
            body.run();
        } catch (Throwable e) {
            thrown = e;
            throw e;
        } finally {
            model.bodyEnded(task, thrown);
        }
    }

    // ---- things ----

    /** Runs a body that has something; whether it had it. */
    private interface Holding {
        boolean run(Acquirable acquirable, Action body) throws Exception;
    }

    private void holding(Statement it, Frame frame, String what, long limit, Holding call) throws Exception {
        ModelTask me = frame.task();
        Call acquiring = modelPermits(it).acquire(me, what, limit);
        boolean[] acquired = new boolean[1];
        model.begin(acquiring);
        try {
            boolean inTime = call.run(permits(it), () -> {
                acquired[0] = true;
                model.end(acquiring, Call.DONE);
                try {
                    block(it.body(), frame);
                } finally {
                    release(it, me);
                }
            });
            if (!inTime) {
                model.end(acquiring, Call.TOO_LATE);
            }
        } catch (CancelledException e) {
            if (!acquired[0]) {
                model.end(acquiring, Call.CANCELLED);
            }
            throw e;
        } catch (IllegalStateException e) {
            if (acquired[0]) {
                throw e;
            }
            model.end(acquiring, Call.REFUSED);
        }
    }

    private void release(Statement it, ModelTask me) {
        model.step(me, "releases " + it.verb().letter + it.target());
        modelPermits(it).release(me);
    }

    private Channel<Integer> channel(Statement it) {
        return channels.computeIfAbsent(it.target(), Channel::of);
    }

    private ModelChannel modelChannel(Statement it) {
        channel(it);
        return modelChannels.computeIfAbsent(it.target(), capacity -> new ModelChannel(model, capacity));
    }

    private Acquirable permits(Statement it) {
        return permits.computeIfAbsent(it.verb().letter + "" + it.target(), name -> switch (it.verb().letter) {
            case 'm' -> Mutex.named(name);
            case 's' -> BoundedSemaphore.named(name, it.target());
            default -> Limiter.named(name, it.target());
        });
    }

    private ModelPermits modelPermits(Statement it) {
        permits(it);
        return modelPermits.computeIfAbsent(it.verb().letter + "" + it.target(), name -> it.verb().letter == 'm'
                ? new ModelPermits(model, 1, false, Sometimes.LOCK_WAS_HANDED_OVER, Sometimes.CANCEL_MET_A_LOCK)
                : new ModelPermits(
                        model,
                        it.target(),
                        it.verb().letter == 's',
                        Sometimes.PERMIT_WAS_HANDED_OVER,
                        Sometimes.CANCEL_MET_A_PERMIT));
    }

    private Event event(Statement it) {
        return events.computeIfAbsent(it.target(), number -> Event.named("e" + number));
    }

    private ModelEvent modelEvent(Statement it) {
        event(it);
        return modelEvents.computeIfAbsent(it.target(), number -> new ModelEvent(model));
    }

    private Promise<Object> promise(Statement it) {
        return promises.computeIfAbsent(it.target(), number -> new Promise<>());
    }

    private ModelPromise modelPromise(Statement it) {
        return modelPromises.computeIfAbsent(it.target(), number -> new ModelPromise(model));
    }
}
