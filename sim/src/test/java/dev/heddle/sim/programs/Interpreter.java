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
import dev.heddle.BusyException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Generator;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.TaskGroup;
import dev.heddle.TaskPool;
import dev.heddle.io.ByteStream;
import dev.heddle.sim.Peers;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimHost;
import dev.heddle.sim.SimNetwork;
import dev.heddle.sim.SimRandom;
import dev.heddle.sync.Acquirable;
import dev.heddle.sync.Overflow;
import dev.heddle.sync.Select;
import dev.heddle.sync.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** One run of a {@link Program}: does what it says, and tells the {@link Model} of each step before and after it. */
final class Interpreter {

    /** After this time everything is cancelled, since programs may wait for what never comes. */
    private static final int HORIZON = 100;

    /** In how many runs one task is cancelled by chance, and most steps until then. */
    private static final double FAULTS = 0.5;

    private static final int LATEST_FAULT = 30;
    private static final int MOST_GENERATED = 3;
    private static final int HUNDRED = 100;
    private static final int THOUSAND = 1_000;
    private static final Set<Verb> CLAUSES = EnumSet.of(Verb.SEND, Verb.RECEIVE, Verb.AWAIT, Verb.JOIN_PROMISE);

    /** Those that make no sender wait. */
    private static final List<Overflow> POLICIES = List.of(Overflow.DROP_OLDEST, Overflow.DROP_NEWEST,
            Overflow.DISCONNECT);

    private final Model model;
    private final SimRandom random;
    private final Things things;
    private final Map<Integer, Spawned> tasks = new HashMap<>();
    private final Map<Integer, Opened> scopes = new HashMap<>();
    private final Map<Integer, Connection> connections = new HashMap<>();
    private int fault;
    private int elements;
    private int failures;
    private int spawned;
    private int openGenerators;
    private int connected;

    Interpreter(Model model, SimRandom random) {
        this.model = model;
        this.random = random;
        things = new Things(model);
        fault = random.chance(FAULTS) ? random.below(LATEST_FAULT) : -1;
    }

    /**
     * Where a statement stands.
     *
     * @param alone no group may be opened here: the end of its tasks may need the monitor that is held, which no cancel
     *     helps
     */
    private record Frame(
            ModelTask task,
            Things.@Nullable Both<TaskGroup, ModelGroup> group,
            Things.@Nullable Both<TaskPool, ModelPool> pool,
            Things.@Nullable Both<Subscription<Integer>, ModelChannel> subscription,
            boolean alone) {

        Frame(ModelTask task) {
            this(task, null, null, null, false);
        }

        Frame in(Things.Both<TaskGroup, ModelGroup> inner) {
            return new Frame(task, inner, null, subscription, alone);
        }

        Frame inPool(Things.Both<TaskPool, ModelPool> inner) {
            return new Frame(task, group, inner, subscription, alone);
        }

        Frame subscribed(Things.Both<Subscription<Integer>, ModelChannel> inner) {
            return new Frame(task, group, pool, inner, alone);
        }

        Frame inMonitor() {
            return new Frame(task, group, pool, subscription, true);
        }

        /** What another task of the same group is inside. */
        Frame of(ModelTask other) {
            return new Frame(other, group, pool, null, false);
        }
    }

    private record Spawned(Task<?> task, ModelTask model) {}

    private record Connection(int number, Peers peers, ModelStream model) {

        SimNetwork network() {
            return Sim.current().network();
        }

        SimHost client() {
            return network().host("client" + number);
        }

        SimHost server() {
            return network().host("server" + number);
        }
    }

    private record Opened(CancelScope scope, ModelScope model) {}

    /** Runs the program in a task of its own, to the end of that task and of all that it has. */
    void run(Program program) {
        ModelTask main = model.main();
        Task<Void> task = spawn(() -> {
            try {
                body(main, () -> untilHorizon(new Frame(main), program.body()));
            } catch (RuntimeException e) {
                main.seen = true; // as the model was told
            }
        });
        tasks.put(-1, new Spawned(task, main));
        task.awaitOutcome();
    }

    private void untilHorizon(Frame frame, List<Statement> body) throws Exception {
        scoped(
                frame,
                "moveOnAfter(" + HORIZON + ")",
                false,
                HORIZON,
                (scope, inside) -> moveOnAfter(millis(HORIZON), inside),
                () -> block(body, frame));
    }

    /** Looks whether what is left is what the model has. */
    void checkHeld() {
        things.checkHeld();
        model.held("the generators left open", 0, openGenerators);
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
                scoped(frame, what, false, it.number(), (scope, body) -> moveOnAfter(millis(it.number()), body),
                        inside);
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
            case GROUP -> {
                if (!frame.alone()) {
                    group(it, frame);
                }
            }
            case GATHER -> together(it, frame, what, Heddle::gather);
            case RACE -> together(it, frame, what, bodies -> Heddle.race(
                    Arrays.stream(bodies).map(Interpreter::asCallable).toList()));
            case BODY -> {
                // A part of what it stands in.
            }
            case CANCEL_GROUP -> {
                if (frame.group() != null) {
                    model.step(me, what);
                    frame.group().model().scope.cancel();
                    frame.group().real().cancel("a group's");
                }
            }
            case SPAWN_IN_GROUP -> {
                var group = frame.group();
                if (group == null) {
                    spawnOwned(it, frame);
                } else {
                    ModelTask task = model.spawn(name(it), me, group.model(), false);
                    tasks.put(it.target(), new Spawned(group.real().spawn(bodyOf(it, frame.of(task))), task));
                }
            }
            case SERVICE -> {
                var group = frame.group();
                if (group != null && group.model().opener == me) {
                    ModelTask task = model.spawn(name(it), me, group.model(), true);
                    var service = new Frame(task);
                    // No cancel reaches it as long as it serves others, and these may wait for it.
                    Action body = () -> body(task, () -> untilHorizon(service, it.body()));
                    tasks.put(it.target(), new Spawned(group.real().spawnService(body), task));
                }
            }
            case SPAWN -> spawnOwned(it, frame);
            case POOL -> {
                var group = frame.group();
                if (group != null && it.number() > 0) {
                    var pool = new Things.Both<>(
                            group.real().pool(it.number()), new ModelPool(model, it.number()));
                    block(it.body(), frame.inPool(pool));
                }
            }
            case SPAWN_IN_POOL -> {
                if (frame.pool() != null && frame.group() != null) {
                    spawnInPool(it, frame, what, frame.pool(), frame.group().model());
                }
            }
            case GENERATE -> generate(it, frame);
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
            case SEND, RECEIVE, AWAIT, JOIN_PROMISE -> {
                Clause clause = clause(it, me);
                call(clause.model, clause.real);
            }
            case SELECT, SELECT_IN_ORDER, SELECT_WITHIN -> select(it, frame, what);
            case SEND_WITHIN -> {
                int element = ++elements;
                var channel = things.channel(it);
                call(
                        channel.model().send(me, element, what + " " + element, limit(it)),
                        () -> inTime(channel.real().sendWithin(element, millis(it.number()))));
            }
            case TRY_SEND -> {
                int element = ++elements;
                var channel = things.channel(it);
                model.step(me, what + " " + element);
                Object expected = channel.model().trySend(element);
                model.result(what, expected, outcome(() -> inTime(channel.real().trySend(element))));
            }
            case RECEIVE_WITHIN -> {
                var channel = things.channel(it);
                call(
                        channel.model().receive(me, what, limit(it)),
                        () -> inTime(channel.real().receiveWithin(millis(it.number()))));
            }
            case TRY_RECEIVE -> {
                var channel = things.channel(it);
                model.step(me, what);
                Object expected = channel.model().tryReceive();
                model.result(what, expected, outcome(() -> inTime(channel.real().tryReceive())));
            }
            case CLOSE -> {
                model.step(me, what);
                things.channel(it).model().close();
                things.channel(it).real().close();
            }
            case ABORT -> {
                model.step(me, what);
                things.channel(it).model().abort();
                things.channel(it).real().abort();
            }
            case PUT, PUT_WITHIN -> {
                int element = ++elements;
                var queue = things.queue(it);
                boolean limited = it.verb() == Verb.PUT_WITHIN;
                call(
                        queue.model().send(me, element, what + " " + element, limited ? limit(it) : ModelScope.NEVER),
                        limited
                                ? () -> inTime(queue.real().putWithin(element, millis(it.number())))
                                : done(() -> queue.real().put(element)));
            }
            case TAKE -> {
                var queue = things.queue(it);
                call(queue.model().receive(me, what, ModelScope.NEVER), queue.real()::take);
            }
            case TAKE_WITHIN -> {
                var queue = things.queue(it);
                call(
                        queue.model().receive(me, what, limit(it)),
                        () -> inTime(queue.real().takeWithin(millis(it.number()))));
            }
            case ELEMENT_DONE -> {
                var queue = things.queue(it);
                model.step(me, what);
                model.result(what, queue.model().elementDone(), outcome(done(queue.real()::taskDone)));
            }
            case AWAIT_ALL_DONE -> {
                var queue = things.queue(it);
                call(queue.model().awaitAllDone(me, what, ModelScope.NEVER), done(queue.real()::awaitAllDone));
            }
            case CLOSE_QUEUE -> {
                model.step(me, what);
                things.queue(it).model().close();
                things.queue(it).real().close();
            }
            case ABORT_QUEUE -> {
                model.step(me, what);
                things.queue(it).model().abort();
                things.queue(it).real().abort();
            }
            case SUBSCRIBE -> subscribe(it, frame, what);
            case PUBLISH -> {
                int element = ++elements;
                var broadcast = things.broadcast(it);
                call(
                        broadcast.model().send(me, element, what + " " + element),
                        done(() -> broadcast.real().send(element)));
            }
            case TAKE_PUBLISHED -> {
                var subscription = frame.subscription();
                if (subscription != null) {
                    call(
                            subscription.model().receive(me, what, ModelScope.NEVER),
                            () -> subscription.real().receive());
                }
            }
            case CLOSE_BROADCAST -> {
                model.step(me, what);
                things.broadcast(it).model().close();
                things.broadcast(it).real().close();
            }
            case CONNECTED -> connected(it, frame, what);
            case WRITE -> {
                Connection connection = connections.get(it.target());
                if (connection != null) {
                    byte[] bytes = new byte[it.number() * THOUSAND];
                    Arrays.fill(bytes, connection.model.tag());
                    call(
                            connection.model.write(me, what, bytes.length),
                            done(() -> connection.peers.client().write(bytes)));
                }
            }
            case READ -> {
                Connection connection = connections.get(it.target());
                if (connection != null) {
                    call(connection.model.read(me, what), () -> read(connection.peers.server(), it.number()));
                }
            }
            case END_OUTPUT -> {
                Connection connection = connections.get(it.target());
                if (connection != null) {
                    model.step(me, what);
                    connection.model.end();
                    outcome(done(() -> connection.peers.client().closeOutput()));
                }
            }
            case CUT -> {
                Connection connection = connections.get(it.target());
                if (connection != null) {
                    model.step(me, what);
                    connection.model.cut();
                    connection.peers.client().abort();
                }
            }
            case PARTED -> {
                Connection connection = connections.get(it.target());
                if (connection == null) {
                    inside.run();
                } else {
                    parted(connection, me, what, inside);
                }
            }
            case CUT_LINK -> {
                Connection connection = connections.get(it.target());
                if (connection != null) {
                    model.step(me, what);
                    connection.model.cut();
                    if (connection.network().cut(connection.client(), connection.server()) > 0) {
                        model.happened(Sometimes.LINK_WAS_CUT);
                    }
                }
            }
            case MONITOR -> monitor(it, frame, what);
            case WAIT -> {
                var monitor = things.monitor(it);
                call(monitor.model().await(me, what, ModelScope.NEVER), done(monitor.real().condition()::await));
            }
            case WAIT_WITHIN -> {
                var monitor = things.monitor(it);
                call(
                        monitor.model().await(me, what, limit(it)),
                        () -> inTime(monitor.real().condition().awaitWithin(millis(it.number()))));
            }
            case SIGNAL, SIGNAL_ALL -> {
                var monitor = things.monitor(it);
                boolean all = it.verb() == Verb.SIGNAL_ALL;
                model.step(me, what);
                model.result(
                        what,
                        monitor.model().signal(me, all) ? Call.DONE : Call.REFUSED,
                        outcome(done(
                                all ? monitor.real().condition()::signalAll : monitor.real().condition()::signal)));
            }
            case ARRIVE -> {
                var barrier = things.barrier(it);
                call(barrier.model().await(me, what), barrier.real()::await);
            }
            case ABORT_BARRIER -> {
                model.step(me, what);
                things.barrier(it).model().abort();
                things.barrier(it).real().abort();
            }
            case RESET -> {
                model.step(me, what);
                things.barrier(it).model().reset();
                things.barrier(it).real().reset();
            }
            case LOCK, PERMIT, TOKEN -> holding(it, frame, what, ModelScope.NEVER, Interpreter::runWith);
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
                var permits = things.permits(it);
                model.step(me, what);
                boolean got = permits.real().tryAcquire();
                model.result(what, permits.model().tryAcquire(me), got);
                if (got) {
                    try {
                        inside.run();
                    } finally {
                        release(it, me);
                        permits.real().release();
                    }
                }
            }
            case SET -> {
                model.step(me, what);
                things.event(it).model().set();
                things.event(it).real().set();
            }
            case CLEAR -> {
                model.step(me, what);
                things.event(it).model().clear();
                things.event(it).real().clear();
            }
            case AWAIT_WITHIN -> {
                var event = things.event(it);
                call(
                        event.model().await(me, what, limit(it)),
                        () -> inTime(event.real().awaitWithin(millis(it.number()))));
            }
            case KEEP -> {
                Object value = "value " + ++elements;
                var promise = things.promise(it);
                model.step(me, what + " " + value);
                model.result(what, promise.model().decide(value), promise.real().tryComplete(value));
            }
            case BREAK -> {
                var failure = new Failure(++failures);
                var promise = things.promise(it);
                model.step(me, what + " " + failure);
                model.result(what, promise.model().decide(failure), promise.real().tryFail(failure));
            }
            case CANCEL_PROMISE -> {
                var promise = things.promise(it);
                model.step(me, what);
                model.result(what, promise.model().decide(Call.TASK_CANCELLED), promise.real().cancel("a promise's"));
            }
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
            case BusyException busy -> Call.REFUSED;
            case IllegalStateException refused -> Call.REFUSED;
            default -> null;
        };
    }

    private static Callable<Object> done(Action body) {
        return () -> {
            body.run();
            return Call.DONE;
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
        ModelScope scope = model.enter(me, what, shield, deadline < 0 ? ModelScope.NEVER : model.time() + deadline);
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
        ModelGroup group = model.openGroup(frame.task(), "group()");
        try {
            Heddle.group(g -> {
                Throwable thrown = null;
                try {
                    block(it.body(), frame.in(new Things.Both<>(g, group)));
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

    /** Runs bodies in tasks. */
    private interface Together {
        void run(Action... bodies);
    }

    /** A gather or a race of the bodies in a statement. */
    private void together(Statement it, Frame frame, String what, Together call) {
        List<Statement> bodies = it.body().stream().filter(each -> each.verb() == Verb.BODY).toList();
        if (bodies.isEmpty() || frame.alone()) {
            return;
        }
        ModelTask me = frame.task();
        ModelGroup group = model.openGroup(me, what);
        Action[] actions = bodies.stream()
                .map(each -> {
                    ModelTask task = model.spawn("body#" + ++spawned, me, group, false);
                    Action body = bodyOf(each, new Frame(task));
                    return (Action) () -> {
                        tasks.put(-spawned, new Spawned(Heddle.currentTask(), task));
                        body.run();
                    };
                })
                .toArray(Action[]::new);
        model.groupBodyEnded(group, null);
        try {
            call.run(actions);
            model.groupEnded(group, null);
        } catch (RuntimeException e) {
            model.groupEnded(group, e);
            if (!(e instanceof TaskCancelledException)) {
                throw e;
            }
        }
    }

    private static Callable<Object> asCallable(Action body) {
        return done(body);
    }

    private String name(Statement it) {
        return "t" + it.target() + "#" + ++spawned;
    }

    private void spawnOwned(Statement it, Frame frame) {
        ModelTask task = model.spawn(name(it), frame.task(), null, false);
        // Its owner's deadline does not reach it before the owner ends, which may wait for what it holds.
        Action body = () -> body(task, () -> untilHorizon(new Frame(task), it.body()));
        tasks.put(it.target(), new Spawned(spawn(body), task));
    }

    private void spawnInPool(
            Statement it, Frame frame, String what, Things.Both<TaskPool, ModelPool> pool, ModelGroup group)
            throws Exception {
        ModelTask[] task = new ModelTask[1];
        List<Task<?>> started = new ArrayList<>(1);
        call(pool.model().place(frame.task(), what), () -> {
            started.add(pool.real().spawn(() -> {
                try {
                    bodyOf(it, frame.of(task[0])).run();
                } finally {
                    pool.model().free();
                }
            }));
            return Call.DONE;
        });
        // Nobody has run since it was started.
        task[0] = model.spawn(name(it), frame.task(), group, false);
        tasks.put(it.target(), new Spawned(started.getFirst(), task[0]));
    }

    private Action bodyOf(Statement it, Frame frame) {
        return () -> body(frame.task(), () -> block(it.body(), frame));
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

    /** A generator whose body is the first half of a block, and whose consumer the second. */
    private void generate(Statement it, Frame frame) throws Exception {
        List<Statement> made = it.body().subList(0, it.body().size() / 2);
        List<Statement> used = it.body().subList(it.body().size() / 2, it.body().size());
        boolean[] open = new boolean[1];
        int next = 0;
        Generator<Integer> generator = Generator.of(out -> {
            openGenerators++;
            open[0] = true;
            try {
                for (int i = 0; i < MOST_GENERATED; i++) {
                    block(made, frame);
                    out.yield(i);
                }
            } finally {
                openGenerators--;
                open[0] = false;
            }
        });
        try (generator) {
            while (next < it.number() && generator.hasNext()) {
                model.result("the generator", next++, generator.next());
                block(used, frame);
            }
            if (open[0]) {
                model.happened(Sometimes.GENERATOR_WAS_LEFT_EARLY);
            }
        } finally {
            model.result("the body of the generator", "ended", open[0] ? "still open" : "ended");
        }
        model.result("the number of what was generated", Math.min(it.number(), MOST_GENERATED), next);
    }

    // ---- things ----

    /** A call beside its model; {@code select} is how it is added to one. */
    private record Clause(Call model, Callable<?> real, BiFunction<Select<Object>, Integer, Select<Object>> select) {}

    private Clause clause(Statement it, ModelTask me) {
        switch (it.verb()) {
            case SEND -> {
                int element = ++elements;
                var channel = things.channel(it);
                return new Clause(
                        channel.model().send(me, element, it.line() + " " + element, ModelScope.NEVER),
                        done(() -> channel.real().send(element)),
                        (select, i) -> select.send(channel.real(), element, () -> chosen(i, Call.DONE)));
            }
            case RECEIVE -> {
                var channel = things.channel(it);
                return new Clause(
                        channel.model().receive(me, it.line(), ModelScope.NEVER),
                        () -> channel.real().receive(),
                        (select, i) -> select.receive(channel.real(), element -> chosen(i, element)));
            }
            case AWAIT -> {
                var event = things.event(it);
                return new Clause(
                        event.model().await(me, it.line(), ModelScope.NEVER),
                        done(event.real()::await),
                        (select, i) -> select.await(event.real(), () -> chosen(i, Call.DONE)));
            }
            case JOIN_PROMISE -> {
                var promise = things.promise(it);
                return new Clause(
                        promise.model().join(me, it.line()),
                        () -> promise.real().join(),
                        (select, i) -> select.join(promise.real(), value -> chosen(i, value)));
            }
            default -> throw new IllegalArgumentException("no clause: " + it.verb());
        }
    }

    private static ModelSelect.Chosen chosen(int clause, Object outcome) {
        return new ModelSelect.Chosen(clause, outcome);
    }

    private void select(Statement it, Frame frame, String what) throws Exception {
        ModelTask me = frame.task();
        List<Clause> clauses = it.body().stream()
                .filter(each -> CLAUSES.contains(each.verb()))
                .map(each -> clause(each, me))
                .toList();
        if (clauses.isEmpty()) {
            return;
        }
        boolean inOrder = it.verb() == Verb.SELECT_IN_ORDER;
        boolean limited = it.verb() == Verb.SELECT_WITHIN;
        Select<Object> select = inOrder ? Select.inOrder() : Select.of();
        for (int i = 0; i < clauses.size(); i++) {
            clauses.get(i).select.apply(select, i);
        }
        List<Call> calls = clauses.stream().map(Clause::model).toList();
        long limit = limited ? limit(it) : ModelScope.NEVER;
        var call = new ModelSelect(model, me, what, limit, inOrder, calls);
        call(call, () -> {
            try {
                return limited ? inTime(select.getWithin(millis(it.number()))) : select.get();
            } catch (CancelledException e) {
                throw e;
            } catch (RuntimeException e) {
                Object outcome = known(e);
                return chosen(ModelSelect.UNKNOWN, outcome == null ? e : outcome);
            }
        });
    }

    /** Both ends are closed with the block, whoever uses them then. */
    private void connected(Statement it, Frame frame, String what) throws Exception {
        ModelTask me = frame.task();
        model.step(me, what);
        Peers peers;
        int number = ++connected;
        try {
            peers = shield(() -> Peers.connect(number));
        } catch (TaskCancelledException e) {
            return; // the other end's task is not shielded
        }
        var connection = new Connection(number, peers, new ModelStream(model));
        connections.put(it.target(), connection);
        try {
            block(it.body(), frame);
        } finally {
            model.step(me, "closes n" + it.target());
            connections.remove(it.target(), connection);
            connection.model.cut();
            peers.client().abort();
            peers.server().abort();
        }
    }

    private void parted(Connection connection, ModelTask me, String what, Action body) throws Exception {
        model.step(me, what);
        connection.model.part();
        connection.network().partition(connection.client(), connection.server());
        try {
            body.run();
        } finally {
            model.step(me, "heals n" + connection.number());
            connection.model.heal();
            connection.network().heal(connection.client(), connection.server());
        }
    }

    private static Object read(ByteStream stream, int hundreds) {
        byte[] bytes = new byte[Math.max(1, hundreds * HUNDRED)];
        int count = stream.read(bytes);
        return count < 0 ? Call.CLOSED : Arrays.copyOf(bytes, count);
    }

    private void subscribe(Statement it, Frame frame, String what) throws Exception {
        var broadcast = things.broadcast(it);
        model.step(frame.task(), what);
        if (broadcast.model().isClosed()) {
            return;
        }
        int capacity = 1 + it.number() % 2;
        Overflow policy = POLICIES.get(it.number() % POLICIES.size());
        ModelChannel expected = broadcast.model().subscribe(capacity, policy);
        try (Subscription<Integer> subscription = broadcast.real().subscribe(capacity, policy)) {
            block(it.body(), frame.subscribed(new Things.Both<>(subscription, expected)));
        } finally {
            broadcast.model().unsubscribe(expected);
        }
    }

    /** Runs a body that has something; whether it had it. */
    private interface Holding {
        boolean run(Acquirable acquirable, Action body) throws Exception;
    }

    private void holding(Statement it, Frame frame, String what, long limit, Holding call) throws Exception {
        var permits = things.permits(it);
        ModelTask me = frame.task();
        holding(permits.model().acquire(me, what, limit), permits.real(), call, () -> {
            try {
                block(it.body(), frame);
            } finally {
                release(it, me);
            }
        });
    }

    private void monitor(Statement it, Frame frame, String what) throws Exception {
        var monitor = things.monitor(it);
        ModelTask me = frame.task();
        holding(monitor.model().acquire(me, what), monitor.real().mutex(), Interpreter::runWith, () -> {
            try {
                block(it.body(), frame.inMonitor());
            } finally {
                model.step(me, "releases k" + it.target());
                monitor.model().release();
            }
        });
    }

    private static boolean runWith(Acquirable acquirable, Action body) {
        acquirable.run(body);
        return true;
    }

    private void holding(Call acquiring, Acquirable acquirable, Holding call, Action inside) throws Exception {
        boolean[] acquired = new boolean[1];
        model.begin(acquiring);
        try {
            boolean inTime = call.run(acquirable, () -> {
                acquired[0] = true;
                model.end(acquiring, Call.DONE);
                inside.run();
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
        things.permits(it).model().release(me);
    }
}
