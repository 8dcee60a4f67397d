package dev.heddle.sim.programs;

import dev.heddle.CancelledException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.GroupException;
import dev.heddle.TaskCancelledException;
import dev.heddle.TaskFailedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The reference model of Heddle's semantics: slow, obvious, and told of each step of a program as it happens.
 *
 * <p>It decides nothing. Where several outcomes are right, such as who runs next, it takes the one that it is told of
 * and looks whether it is one of them; where only one is, it knows that one. All that a program does between two waits
 * happens in one piece, so what a call does at its beginning is known as soon as the next step comes: if that is the
 * end of the same call, it did not wait.
 *
 * <p>Time is a second judge: it passes only when nothing can run. So whenever the clock has moved, all that could have
 * gone on before must have.
 */
final class Model {

    /** One line of what happened. */
    record Step(long time, ModelTask task, Object what) {}

    private final Tally tally;
    private final LongSupplier clock;
    private final List<Step> steps = new ArrayList<>();
    private final Set<ModelTask> tasks = new LinkedHashSet<>();
    private final Set<ModelGroup> closing = new LinkedHashSet<>();
    private final Set<Call> waiting = new LinkedHashSet<>();

    /** Calls that let others have a turn first: those that began in a cancelled scope, or behind many refusals. */
    private final List<Call> givingWay = new ArrayList<>();
    private final Map<Throwable, Boolean> reported = new IdentityHashMap<>();
    private final List<ModelTask> untold = new ArrayList<>();
    private @Nullable Call begun;
    private long now;
    private @Nullable String broken;

    /** @param clock the nanoseconds since the program began */
    Model(Tally tally, LongSupplier clock) {
        this.tally = tally;
        this.clock = clock;
        now = time();
    }

    /** The first rule that was broken, and how; null as long as none was. */
    @Nullable String broken() {
        return broken;
    }

    List<Step> steps() {
        return steps;
    }

    /** Milliseconds since the program began. */
    long time() {
        return TimeUnit.NANOSECONDS.toMillis(nanos());
    }

    /** The same, for what depends on parts of a millisecond, as the network's times have them. */
    long nanos() {
        return clock.getAsLong();
    }

    // ---- for the parts of the model ----

    void happened(Sometimes what) {
        if (broken == null) {
            tally.happened(what);
        }
    }

    boolean isCancelled(ModelScope scope) {
        return scope.state(now) == ModelScope.State.CANCELLED;
    }

    boolean mayBeCancelled(ModelScope scope) {
        return scope.state(now) != ModelScope.State.OPEN;
    }

    /** Hands something to a waiting call. */
    void serve(Call call, Object what) {
        if (isCancelled(call.scope)) {
            happened(Sometimes.CANCELLED_WAITER_WAS_SERVED);
        }
        if (call.select == null) {
            call.given = what;
        } else {
            call.select.served(call, what);
        }
    }

    // ---- calls ----

    void begin(Call call) {
        step(call.task, call.what);
        begun = call;
    }

    /** The task of a call in several parts goes on, which no step of its program shows. */
    void resumed(Call call) {
        advance();
        if (call.given != null && waiting.contains(call) && call.goesOn()) {
            note(call.task, call.what + " goes on");
            call.given = null;
            waiting.remove(call);
            begun = call;
        }
    }

    void end(Call call, Object outcome) {
        if (begun == call && time() == now) {
            begun = null;
            note(call.task, call.what + " gave " + outcome + " at once");
            endAtOnce(call, outcome);
        } else {
            advance();
            note(call.task, call.what + " gave " + outcome);
            if (givingWay.remove(call)) {
                endAtOnce(call, outcome);
            } else {
                waiting.remove(call);
                endAfterWait(call, outcome);
            }
        }
    }

    private void endAtOnce(Call call, Object outcome) {
        interruptShows(call, outcome);
        ModelScope.State state = call.scope.state(now);
        if (outcome == Call.CANCELLED) {
            check(Rule.CANCEL_HAS_A_CAUSE, state != ModelScope.State.OPEN, call);
            call.scope.told(now, nanos());
            if (state == ModelScope.State.UNKNOWN) {
                call.perhapsLeft();
            }
            call.cancelledAtOnce();
            if (call.scope == call.task.swallowedIn) {
                happened(Sometimes.CANCEL_CAME_AGAIN);
            }
            return;
        }
        call.learn();
        Object ready = call.ready();
        if (outcome == Call.TOO_LATE) {
            check(Rule.LIMIT_IS_KEPT, call.limit <= now, call);
            check(Rule.RIGHT_RESULT, ready == null, call);
            return;
        }
        check(
                Rule.NO_WAIT_IN_A_CANCELLED_SCOPE,
                state != ModelScope.State.CANCELLED || call.answersTheCancelled(outcome),
                call);
        check(Rule.RIGHT_RESULT, call.gives(outcome), call);
        if (broken == null) {
            if (state == ModelScope.State.CANCELLED) {
                happened(Sometimes.JOINED_IN_A_CANCELLED_SCOPE);
            }
            if (call.scope.keepsAway(now)) {
                happened(Sometimes.SHIELD_HELD);
            }
            call.take(outcome);
        }
    }

    private void endAfterWait(Call call, Object outcome) {
        interruptShows(call, outcome);
        ModelScope.State state = call.scope.state(now);
        if (call.given != null) {
            boolean delivered = call instanceof ModelSelect select
                    ? select.isGiven(outcome)
                    : outcome.equals(call.given);
            boolean givenBack = !delivered
                    && outcome == Call.CANCELLED
                    && state != ModelScope.State.OPEN
                    && call.givesBack();
            check(Rule.COMMITTED_IS_DELIVERED, delivered || givenBack, call);
            call.ended(outcome);
            if (state == ModelScope.State.CANCELLED) {
                happened(Sometimes.SERVED_WAITER_WAS_CANCELLED);
            }
            return;
        }
        if (outcome == Call.CANCELLED) {
            check(Rule.CANCEL_HAS_A_CAUSE, state != ModelScope.State.OPEN, call);
            call.scope.told(now, nanos());
            call.leave();
            if (call.cancelShows() != null) {
                happened(call.cancelShows());
            }
        } else if (outcome == Call.TOO_LATE) {
            check(Rule.LIMIT_IS_KEPT, now >= call.limit, call);
            call.leave();
            happened(state == ModelScope.State.OPEN ? Sometimes.LIMIT_PASSED : Sometimes.LIMIT_MET_A_CANCEL);
        } else {
            check(Rule.RIGHT_RESULT, call.endsBy(outcome), call);
            call.leave();
        }
        call.ended(outcome);
    }

    /** A call that gives way once, and may be cancelled before and after. */
    Call checkpoint(ModelTask task) {
        return new Call(task, "checkpoint()", ModelScope.NEVER) {
            @Override
            @Nullable Object ready() {
                return DONE;
            }

            @Override
            boolean givesWay() {
                return true;
            }

            @Override
            boolean endsBy(Object outcome) {
                return outcome == DONE && !isCancelled(scope);
            }

            @Override
            boolean isDue(long time) {
                return true;
            }
        };
    }

    Call sleep(ModelTask task, int millis) {
        long due = time() + millis;
        return new Call(task, "sleep(" + millis + ")", ModelScope.NEVER) {
            @Override
            @Nullable Object ready() {
                return null;
            }

            @Override
            boolean endsBy(Object outcome) {
                check(Rule.SLEEP_IS_EXACT, now == due, this);
                return outcome == DONE;
            }

            @Override
            boolean isDue(long time) {
                return time >= due;
            }

            @Override
            Sometimes cancelShows() {
                return Sometimes.CANCEL_MET_A_SLEEP;
            }
        };
    }

    Call join(ModelTask task, ModelTask other) {
        return new Call(task, other + ".join()", ModelScope.NEVER) {
            @Override
            @Nullable Object ready() {
                return other == task ? REFUSED : other.hasEnded() ? end() : null;
            }

            private Object end() {
                return switch (other.end) {
                    case FAILED -> other.failure == null ? REFUSED : other.failure;
                    case CANCELLED -> TASK_CANCELLED;
                    default -> DONE;
                };
            }

            @Override
            boolean answersTheCancelled(Object outcome) {
                return other.hasEnded() && other.end != ModelTask.State.CANCELLED || other == task;
            }

            @Override
            void learn() {
                endedIfPossible(other);
            }

            @Override
            void take(Object outcome) {
                shows(outcome);
            }

            @Override
            boolean endsBy(Object outcome) {
                endedIfPossible(other);
                happened(Sometimes.TASK_MET_A_JOIN);
                shows(outcome);
                return other.hasEnded() && outcome.equals(end());
            }

            private void shows(Object outcome) {
                if (other.end == ModelTask.State.FAILED) {
                    other.seen = true;
                    happened(Sometimes.JOINED_A_FAILURE);
                } else if (outcome == TASK_CANCELLED) {
                    happened(Sometimes.JOINED_A_CANCELLED);
                }
            }

            @Override
            boolean isDue(long time) {
                return other.hasEnded();
            }

            @Override
            Sometimes cancelShows() {
                return Sometimes.CANCEL_MET_A_JOIN;
            }
        };
    }

    // ---- steps that do not wait ----

    /** Something happens that may change the state of others. */
    void step(ModelTask task, Object what) {
        advance();
        note(task, what);
    }

    /**
     * Somebody interrupts the thread of a task. It is cancelled when it notices: at once where it goes on from a wait, at
     * its next wait where it computes.
     */
    void interrupt(ModelTask by, ModelTask task, Object what) {
        step(by, what);
        task.interrupted = true;
        task.root.perhaps = true;
        if (waiting.stream().noneMatch(call -> call.task == task)) {
            happened(Sometimes.INTERRUPT_MET_A_COMPUTING_TASK);
        }
    }

    /** The task goes on from a wait of Heddle's. */
    void noticesInterrupt(ModelTask task) {
        advance();
        waiting.stream().filter(call -> call.task == task).findFirst().ifPresent(call -> happened(
                !call.isOpen()
                        ? Sometimes.INTERRUPT_MET_A_SERVED_CALL
                        : isShielded(call.scope)
                                ? Sometimes.INTERRUPT_IN_A_SHIELD
                                : Sometimes.INTERRUPT_ENDED_A_WAIT));
        note(task, "notices its interrupt");
        cancelledByInterrupt(task);
    }

    private static boolean isShielded(ModelScope inner) {
        for (ModelScope scope = inner; scope != null; scope = scope.parent) {
            if (scope.shield) {
                return true;
            }
        }
        return false;
    }

    /** A call that is cancelled has noticed. */
    private void interruptShows(Call call, Object outcome) {
        if (outcome == Call.CANCELLED && call.task.interrupted) {
            cancelledByInterrupt(call.task);
        }
    }

    /** Where it was cancelled anyway, it may have taken the one for the other. */
    private void cancelledByInterrupt(ModelTask task) {
        task.interrupted = false;
        task.root.perhaps = false;
        if (task.scope.state(now) == ModelScope.State.OPEN) {
            task.root.cancel();
        } else {
            task.root.perhaps = true;
        }
    }

    void result(String what, Object expected, Object given) {
        check(Rule.RIGHT_RESULT, expected.equals(given), what + " gave " + given + " and not " + expected);
    }

    /** A byte has come that was written while its link was parted. */
    void crossed(boolean healed, String what) {
        check(Rule.PARTED_LINK_IS_SILENT, healed, what);
        happened(Sometimes.HEALED_LINK_GAVE_WHAT_IT_HELD);
    }

    // ---- tasks ----

    ModelTask spawn(String name, ModelTask by, @Nullable ModelGroup group, boolean service) {
        step(by, (group == null ? "spawns " : service ? "spawns the service " : "spawns into its group ") + name);
        var task = new ModelTask(name, group, group == null ? by : null, service);
        tasks.add(task);
        if (group == null) {
            by.owned.add(task);
        } else if (service) {
            group.services.add(task);
        } else {
            group.alive.add(task);
            if (group.closing) {
                happened(Sometimes.GROUP_GREW_WHILE_CLOSING);
            }
        }
        return task;
    }

    /** The main task of a run. */
    ModelTask main() {
        var task = new ModelTask("main", null, null, false);
        tasks.add(task);
        return task;
    }

    void started(ModelTask task) {
        step(task, "begins");
        task.state = ModelTask.State.RUNNING;
        if (isCancelled(task.scope)) {
            happened(Sometimes.CANCELLED_BEFORE_IT_BEGAN);
        }
    }

    /** The body of a task has ended; the task itself does when all it owns have. */
    void bodyEnded(ModelTask task, @Nullable Throwable thrown) {
        step(task, thrown == null ? "ends" : "ends by " + name(thrown));
        if (thrown instanceof CancelledException) {
            check(Rule.SCOPE_ENDS_ITS_CANCEL, task.root.state(now) != ModelScope.State.OPEN, task);
            task.end = ModelTask.State.CANCELLED;
        } else if (thrown != null && !isOfPrograms(thrown)) {
            check(Rule.FAILURES_COME_OUT, false, "nobody threw " + thrown);
        } else if (task.group != null && task.group.race) {
            raced(task.group, task, thrown);
        } else if (thrown != null) {
            task.end = ModelTask.State.FAILED;
            task.failure = thrown;
        }
        if (task.owned.isEmpty()) {
            ended(task);
            return;
        }
        happened(Sometimes.OWNED_TASK_WAS_CANCELLED);
        task.state = ModelTask.State.ENDING;
        task.ownedScope.cancel();
        mayHaveEnded(task);
    }

    /** Whether a program can have caused it: a failure of its own, those of a group, or that of a supervisor. */
    private static boolean isOfPrograms(Throwable thrown) {
        return thrown instanceof Failure
                || thrown instanceof GroupException
                || thrown instanceof TaskFailedException;
    }

    /** The first success ends a race; a failure ends nobody but its own body. */
    private static void raced(ModelGroup race, ModelTask task, @Nullable Throwable thrown) {
        if (thrown != null) {
            race.failures.add(thrown);
        } else if (race.winner == null) {
            race.winner = task;
            race.scope.cancel();
        }
    }

    /** A call of Heddle's own that waits for a task: its supervisor's. */
    void waits(Call call) {
        waiting.add(call);
    }

    /** A task has ended that waited so; all that it owns has as well. */
    void ended(Call call, ModelTask.State end, @Nullable Throwable failure) {
        ModelTask task = call.task;
        waiting.remove(call);
        List.copyOf(task.owned).forEach(this::endedIfPossible);
        check(Rule.CHILDREN_END_FIRST, task.owned.isEmpty(), task);
        check(
                Rule.CANCEL_HAS_A_CAUSE,
                end != ModelTask.State.CANCELLED || task.root.state(now) != ModelScope.State.OPEN,
                call);
        task.end = end;
        task.failure = failure;
        ended(task);
    }

    private void ended(ModelTask task) {
        task.state = task.end;
        tasks.remove(task);
        if (task.owner != null) {
            task.owner.owned.remove(task);
            mayHaveEnded(task.owner);
        }
        ModelGroup group = task.group;
        if (group != null) {
            group.alive.remove(task);
            group.services.remove(task);
            if (task.end == ModelTask.State.FAILED && task.failure != null) {
                group.failures.add(task.failure);
                group.scope.cancel();
                task.seen = true;
            } else if (task.end == ModelTask.State.CANCELLED && task.service) {
                happened(Sometimes.SERVICE_WAS_STOPPED);
            } else if (task.end == ModelTask.State.CANCELLED) {
                group.sawCancelledTask = true;
            }
            group.serviceScope.perhaps |= group.mayWaitForServices();
        } else if (task.end == ModelTask.State.FAILED) {
            untold.add(task);
        }
    }

    /** From now until time passes nobody can tell whether it has. */
    private void mayHaveEnded(ModelTask task) {
        if (!task.mayHaveEnded()) {
            return;
        }
        if (task.owner != null) {
            mayHaveEnded(task.owner);
        } else if (task.group != null) {
            task.group.scope.perhaps |= task.end == ModelTask.State.FAILED;
            task.group.serviceScope.perhaps |= task.group.mayWaitForServices();
        }
    }

    // ---- failures ----

    /** The failure handler was told. */
    void told(Throwable failure) {
        reported.put(failure, true);
    }

    // ---- scopes ----

    /** A scope is entered. */
    ModelScope enter(ModelTask task, String what, boolean shield, long millis) {
        step(task, what + " {");
        long deadline = millis == ModelScope.NEVER ? millis : nanos() + TimeUnit.MILLISECONDS.toNanos(millis);
        var scope = new ModelScope(task.scope, shield, deadline);
        if (millis <= 0) {
            scope.cancel(); // at once, without a timer
        }
        task.scope = scope;
        return scope;
    }

    /**
     * A scope is left.
     *
     * @param body what its body threw
     * @param thrown what came out
     * @param swallowed whether it said that its body was cut off
     */
    void leave(
            ModelTask task,
            ModelScope scope,
            String what,
            @Nullable Throwable body,
            @Nullable Throwable thrown,
            boolean swallowed) {
        advance();
        note(task, "} of " + what + (thrown != null ? " threw " + name(thrown) : swallowed ? " was cut off" : ""));
        task.scope = scope.parent == null ? task.root : scope.parent;
        if (!(body instanceof CancelledException)) {
            check(Rule.SCOPE_ENDS_ITS_CANCEL, thrown == body && !swallowed, what + " changed what its body gave");
            if (scope.hasDeadlineOver(now)) {
                happened(Sometimes.DEADLINE_CAME_LATE);
            }
            return;
        }
        if (thrown instanceof CancelledException) {
            check(
                    Rule.SCOPE_ENDS_ITS_CANCEL,
                    scope.outside(now) != ModelScope.State.OPEN,
                    what + " let its own cancel out");
            happened(
                    scope.own(now) == ModelScope.State.CANCELLED
                            ? Sometimes.BOTH_CANCELLED
                            : Sometimes.CANCEL_PASSED_A_SCOPE);
        } else {
            check(
                    Rule.SCOPE_ENDS_ITS_CANCEL,
                    (swallowed || thrown instanceof DeadlineExceededException)
                            && scope.own(now) != ModelScope.State.OPEN
                            && scope.outside(now) != ModelScope.State.CANCELLED,
                    what + " swallowed a cancel that was not its own");
            happened(
                    scope.hasDeadlineOver(now)
                            ? scope.shield ? Sometimes.DEADLINE_IN_A_SHIELD : Sometimes.DEADLINE_CUT_OFF
                            : Sometimes.SCOPE_CUT_OFF);
        }
    }

    // ---- groups ----

    ModelGroup openGroup(ModelTask task, String what) {
        return new ModelGroup(task, enter(task, what, false, ModelScope.NEVER), what.startsWith("race"));
    }

    void groupBodyEnded(ModelGroup group, @Nullable Throwable thrown) {
        step(group.opener, thrown == null ? "waits for its group" : "ends its group by " + name(thrown));
        group.closing = true;
        closing.add(group);
        group.serviceScope.perhaps |= group.mayWaitForServices();
        if (thrown instanceof CancelledException) {
            check(Rule.SCOPE_ENDS_ITS_CANCEL, group.scope.state(now) != ModelScope.State.OPEN, "the group's body");
            group.bodyCancelled = true;
        } else if (thrown != null) {
            group.failures.add(thrown);
            group.scope.cancel();
        }
    }

    void groupEnded(ModelGroup group, @Nullable Throwable thrown) {
        advance();
        ModelTask opener = group.opener;
        note(opener, "} of group" + (thrown == null ? "" : " threw " + name(thrown)));
        List.copyOf(group.alive).forEach(this::endedIfPossible);
        List.copyOf(group.services).forEach(this::endedIfPossible);
        closing.remove(group);
        check(Rule.CHILDREN_END_FIRST, group.alive.isEmpty(), "the group ended before " + group.alive);
        check(Rule.CHILDREN_END_FIRST, group.services.isEmpty(), "the group ended before " + group.services);
        opener.scope = group.scope.parent == null ? opener.root : group.scope.parent;
        ModelScope.State outside = group.scope.outside(now);
        if (group.winner != null) {
            check(Rule.FAILURES_COME_OUT, thrown == null, "a race that was won threw");
            happened(Sometimes.RACE_WAS_WON);
        } else if (group.race && thrown instanceof CancelledException) {
            check(Rule.SCOPE_ENDS_ITS_CANCEL, outside != ModelScope.State.OPEN && group.sawCancelledTask, "the race");
        } else if (!group.failures.isEmpty()) {
            happened(group.race ? Sometimes.RACE_WAS_LOST_BY_ALL : Sometimes.GROUP_FAILED);
            Set<Throwable> expected = Collections.newSetFromMap(new IdentityHashMap<>());
            expected.addAll(parts(group.failures));
            check(
                    Rule.FAILURES_COME_OUT,
                    thrown instanceof GroupException e && areAll(expected, parts(e.failures())),
                    "the group threw " + (thrown == null ? "nothing" : name(thrown)) + " and not "
                            + group.failures.stream().map(Model::name).toList());
            if (expected.size() > 1) {
                happened(Sometimes.GROUP_FAILED_TWICE);
            }
        } else if (thrown instanceof CancelledException) {
            check(
                    Rule.SCOPE_ENDS_ITS_CANCEL,
                    outside != ModelScope.State.OPEN && (group.bodyCancelled || group.sawCancelledTask),
                    "the group threw a cancel that was not from outside");
        } else if (thrown instanceof TaskCancelledException) {
            check(
                    Rule.FAILURES_COME_OUT,
                    group.sawCancelledTask && outside != ModelScope.State.CANCELLED,
                    "no body was cancelled alone");
        } else {
            check(Rule.FAILURES_COME_OUT, thrown == null, "the group threw what nobody had thrown");
            check(
                    Rule.SCOPE_ENDS_ITS_CANCEL,
                    outside != ModelScope.State.CANCELLED || !(group.bodyCancelled || group.sawCancelledTask),
                    "the group swallowed a cancel from outside");
            if (group.bodyCancelled) {
                happened(Sometimes.GROUP_SWALLOWED_ITS_CANCEL);
            }
        }
    }

    private void endedIfPossible(ModelTask task) {
        if (task.mayHaveEnded()) {
            List.copyOf(task.owned).forEach(this::endedIfPossible);
            ended(task);
        }
    }

    /** Each once: whoever joins a failed task throws what the group has from that task already. */
    private static boolean areAll(Set<Throwable> expected, List<Throwable> given) {
        return given.size() == expected.size() && expected.containsAll(given);
    }

    /** Failures, without the groups that they came out of. */
    private static List<Throwable> parts(List<Throwable> failures) {
        return failures.stream()
                .flatMap(each -> each instanceof GroupException inner
                        ? parts(inner.failures()).stream()
                        : Stream.of(each))
                .toList();
    }

    // ---- time ----

    /** A step comes: what has begun and not ended waits, and time may have passed. */
    private void advance() {
        if (broken != null) {
            return;
        }
        settle();
        long time = time();
        if (time > now) {
            checkIdle();
            now = time;
        }
    }

    private void settle() {
        Call call = begun;
        if (call == null) {
            return;
        }
        begun = null;
        boolean mayGiveWay = call.task.givesWay() || mayBeCancelled(call.scope);
        if (isCancelled(call.scope) || mayGiveWay && call.ready() != null) {
            givingWay.add(call); // before it throws, or looks; nobody can serve it
            return;
        }
        check(Rule.NO_NEEDLESS_WAIT, call.givesWay() || call.ready() == null, call);
        // One without time gives way for a turn; no time passes for that.
        check(Rule.LIMIT_IS_KEPT, call.limit >= now || call.overruns(), call);
        if (call.scope.keepsAway(now)) {
            happened(Sometimes.SHIELD_HELD);
        }
        if (call.task.interrupted) {
            cancelledByInterrupt(call.task); // it has not woken it: the wait looks before it begins
        }
        call.park();
        waiting.add(call);
    }

    /** Time has passed, so nothing could go on. */
    private void checkIdle() {
        List.copyOf(tasks).forEach(this::endedIfPossible);
        for (ModelGroup each : closing) {
            if (each.waitsForServices()) {
                each.serviceScope.cancel();
            }
            // One that ends in a cancelled scope may be held back first.
            boolean mustHaveEnded = each.mustHaveEnded() && each.scope.outside(now) == ModelScope.State.OPEN;
            check(Rule.NO_LOST_WAKE_UP, !mustHaveEnded, "the group of " + each.opener);
        }
        for (ModelTask each : tasks) {
            check(Rule.TASK_RUNS, each.state != ModelTask.State.SPAWNED, each);
        }
        for (Call each : waiting) {
            if (each.isHeldUp()) {
                continue;
            }
            check(
                    Rule.NO_LOST_WAKE_UP,
                    each.isOpen()
                            && each.scope.state(now + 1) != ModelScope.State.CANCELLED
                            && !each.task.interrupted
                            && !each.isDue(now),
                    each);
            check(Rule.LIMIT_IS_KEPT, each.limit > now, each);
        }
    }

    /** The main task has ended, and all with it. */
    void over() {
        advance();
        for (ModelTask each : untold) {
            boolean told = each.failure != null && reported.containsKey(each.failure);
            check(Rule.FAILURE_IS_TOLD, each.seen || told, each);
            if (told) {
                happened(Sometimes.FAILURE_WAS_REPORTED);
            }
        }
        tasks.removeIf(ModelTask::mayHaveEnded);
        check(Rule.CHILDREN_END_FIRST, tasks.isEmpty(), tasks);
        check(Rule.NOTHING_IS_HELD, waiting.isEmpty(), waiting);
    }

    void held(String what, Object expected, Object found) {
        check(Rule.NOTHING_IS_HELD, expected.equals(found), what + " is " + found + " and not " + expected);
    }

    // ---- the record ----

    private void note(ModelTask task, Object what) {
        if (broken == null) {
            steps.add(new Step(now, task, what));
        }
    }

    private void check(Rule rule, boolean kept, Object who) {
        if (broken != null) {
            return;
        }
        tally.looked(rule);
        if (!kept) {
            broken = "broken: " + rule.words + ": "
                    + (who instanceof Call call ? call.what + " of " + call.task : who);
        }
    }

    static String name(Throwable thrown) {
        return thrown instanceof Failure ? thrown.toString() : thrown.getClass().getSimpleName();
    }
}
