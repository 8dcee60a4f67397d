package dev.heddle.sim.programs;

import static dev.heddle.Heddle.spawn;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.TaskGroup;
import dev.heddle.TaskPool;
import dev.heddle.generators.Generator;
import dev.heddle.internal.sight.Kernel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tasks, groups, pools and generators. */
final class TaskWords extends Words {

    private static final int MAX_GENERATED = 3;

    private final FlowWords flow;
    private final Map<Integer, Spawned> tasks = new HashMap<>();
    private final Map<Task<?>, ModelSupervision> supervisions = new HashMap<>();

    /** The threads of tasks that have begun, with their models. */
    private final Map<Task<?>, Living> living = new HashMap<>();

    /** By the tasks of their bodies. */
    private final Map<Task<?>, ModelSupervision> attempts = new HashMap<>();

    private int spawned;
    private int openGenerators;

    TaskWords(Interpreter interpreter, FlowWords flow) {
        super(interpreter);
        this.flow = flow;
    }

    /** A task and its model. */
    record Spawned(Task<?> task, ModelTask model) {}

    private record Living(Thread thread, ModelTask model) {}

    /** Those that were spawned, in any order. */
    List<Spawned> all() {
        return new ArrayList<>(tasks.values());
    }

    int openGenerators() {
        return openGenerators;
    }

    /** Runs a program in a task of its own, to the end of that task and of all that it has. */
    void run(List<Statement> program) {
        ModelTask main = model.main();
        Task<Void> task = spawn(() -> {
            try {
                body(main, () -> flow.untilHorizon(new Frame(main), program));
            } catch (RuntimeException e) {
                main.seen = true; // as the model was told
            }
        });
        tasks.put(-1, new Spawned(task, main));
        task.awaitOutcome();
    }

    @Override
    boolean does(Statement it, Frame frame) throws Exception {
        ModelTask me = frame.task();
        String what = it.what();
        switch (it.verb()) {
            case GROUP -> {
                if (!frame.alone()) {
                    group(it, frame);
                }
            }
            case GATHER -> together(it, frame, what, Heddle::gather);
            case RACE -> together(it, frame, what, bodies -> Heddle.race(
                    Arrays.stream(bodies).map(Words::done).toList()));
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
                    Action body = () -> body(task, () -> flow.untilHorizon(service, it.body()));
                    tasks.put(it.target(), new Spawned(group.real().spawnService(body), task));
                }
            }
            case SUPERVISE -> {
                if (frame.group() != null) {
                    supervise(it, me, frame.group());
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
            case INTERRUPT, INTERRUPT_BY_A_THREAD -> {
                Spawned other = tasks.get(it.target());
                Living victim = other == null ? null : living.get(other.task);
                if (victim != null) {
                    model.interrupt(me, victim.model, what);
                    interrupt(victim.thread, it.verb() == Verb.INTERRUPT_BY_A_THREAD);
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void interrupt(Thread victim, boolean byAThread) {
        if (!byAThread) {
            victim.interrupt();
            return;
        }
        Thread other = Thread.ofPlatform().start(victim::interrupt);
        while (other.isAlive()) {
            Thread.onSpinWait(); // what it does is a step of the program
        }
    }

    /** A task goes on; below the tasks. */
    void resumed(Task<?> task) {
        Living goesOn = living.get(task);
        if (goesOn != null && goesOn.model.interrupted && Kernel.get().waitsFor(task) != null) {
            model.noticesInterrupt(goesOn.model);
        }
    }

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

    private String name(Statement it) {
        return "t" + it.target() + "#" + ++spawned;
    }

    private void spawnOwned(Statement it, Frame frame) {
        ModelTask task = model.spawn(name(it), frame.task(), null, false);
        // Its owner's deadline does not reach it before the owner ends, which may wait for what it holds.
        Action body = () -> body(task, () -> flow.untilHorizon(new Frame(task), it.body()));
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

    private void supervise(Statement it, ModelTask me, Things.Both<TaskGroup, ModelGroup> group) {
        ModelTask task = model.spawn(name(it), me, group.model(), false);
        var supervision = new ModelSupervision(model, task, it.number());
        Task<Void> real = group.real().supervise(task.name, supervision.policy(), () -> {
            ModelTask attempt = supervision.begin();
            tasks.put(-++spawned, new Spawned(Heddle.currentTask(), attempt));
            attempts.put(Heddle.currentTask(), supervision);
            bodyOf(it, new Frame(attempt)).run();
        });
        tasks.put(it.target(), new Spawned(real, task));
        supervisions.put(real, supervision);
    }

    /** A task has ended. */
    void ended(Task<?> task) {
        ModelSupervision supervisor = attempts.remove(task);
        if (supervisor != null) {
            supervisor.attemptEnded();
        }
        ModelSupervision supervision = supervisions.remove(task);
        if (supervision != null) {
            supervision.ended(ModelTask.State.valueOf(task.state().name()), task.failure().orElse(null));
        }
    }

    private Action bodyOf(Statement it, Frame frame) {
        return () -> body(frame.task(), () -> block(it.body(), frame));
    }

    private void body(ModelTask task, Action body) throws Exception {
        Throwable thrown = null;
        model.started(task);
        living.put(Heddle.currentTask(), new Living(Thread.currentThread(), task));
        try {
            body.run();
        } catch (Throwable e) {
            thrown = e;
            throw e;
        } finally {
            living.remove(Heddle.currentTask());
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
                for (int i = 0; i < MAX_GENERATED; i++) {
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
        model.result("the number of what was generated", Math.min(it.number(), MAX_GENERATED), next);
    }
}
