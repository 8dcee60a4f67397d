package dev.heddle.sim.programs;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.sim.SimRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One run of a {@link Program}: does what it says, and tells the {@link Model} of each step before and after it. */
final class Interpreter {

    /** In how many runs one task is cancelled by chance, and most steps until then. */
    private static final double FAULTS = 0.5;

    private static final int LATEST_FAULT = 30;

    final Model model;
    final Things things;
    private final SimRandom random;
    private final TaskWords tasks;
    private final List<Words> vocabulary;

    /** The calls in several parts that tasks are in. */
    private final Map<Task<?>, Call> inParts = new HashMap<>();

    private int fault;

    Interpreter(Model model, SimRandom random) {
        this.model = model;
        this.random = random;
        things = new Things(model);
        var flow = new FlowWords(this);
        tasks = new TaskWords(this, flow);
        vocabulary = List.of(
                flow, tasks, new ChannelWords(this), new SyncWords(this), new NetworkWords(this));
        fault = random.chance(FAULTS) ? random.below(LATEST_FAULT) : -1;
    }

    /** Runs the program in a task of its own, to the end of that task and of all that it has. */
    void run(Program program) {
        things.interrupted = program.body().stream().anyMatch(Statement::interrupts);
        tasks.run(program.body());
    }

    /** Looks whether what is left is what the model has. */
    void checkHeld() {
        things.checkHeld();
        model.held("the generators left open", 0, tasks.openGenerators());
    }

    void block(List<Statement> statements, Frame frame) throws Exception {
        for (Statement each : statements) {
            step(each, frame);
        }
    }

    private void step(Statement it, Frame frame) throws Exception {
        if (model.broken() != null) {
            throw new Failure(0); // the model knows no more what is right
        }
        causeFault();
        for (Words each : vocabulary) {
            if (each.does(it, frame)) {
                return;
            }
        }
        throw new IllegalStateException("no words for " + it.verb());
    }

    /** Does a call in several parts. */
    void inParts(Call call, Action body) throws Exception {
        Task<?> task = Heddle.currentTask();
        inParts.put(task, call);
        try {
            body.run();
        } finally {
            inParts.remove(task);
        }
    }

    /** A task goes on; below the tasks. */
    void resumed(Task<?> task) {
        tasks.resumed(task);
        Call call = inParts.get(task);
        if (call != null) {
            model.resumed(call);
        }
    }

    /** A task has ended; in its last step. */
    void ended(Task<?> task) {
        tasks.ended(task);
    }

    /** Cancels one task by chance. */
    private void causeFault() {
        if (fault < 0 || fault-- > 0 || tasks.all().isEmpty()) {
            return;
        }
        TaskWords.Spawned victim = random.oneOf(tasks.all());
        model.step(victim.model(), "is cancelled by a fault");
        model.happened(Sometimes.CANCEL_BY_CHANCE);
        victim.model().root.cancel();
        victim.task().cancel("a fault");
    }
}
