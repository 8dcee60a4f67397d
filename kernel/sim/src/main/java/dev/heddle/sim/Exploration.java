package dev.heddle.sim;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The result of {@link Sim#explore}. */
public final class Exploration {

    private final long schedules;
    private final boolean complete;
    private final Findings findings;

    Exploration(long schedules, boolean complete, Findings findings) {
        this.schedules = schedules;
        this.complete = complete;
        this.findings = findings;
    }

    /**
     * A run that failed.
     *
     * @param schedule its order, to be given to {@link Sim#run(Schedule, dev.heddle.Action)}
     * @param steps how often a task or a callback ran in it
     * @param failure how it failed
     */
    public record Failing(Schedule schedule, long steps, Throwable failure) {}

    /** How many orders were tried. */
    public long schedules() {
        return schedules;
    }

    /** Whether these were all there are. */
    public boolean isComplete() {
        return complete;
    }

    /** In how many of them the body failed. */
    public long failures() {
        return findings.count;
    }

    /** The first that failed; empty if none did. */
    public Optional<Failing> first() {
        return Optional.ofNullable(findings.first);
    }

    /** The one that failed with the fewest steps, and of these the one with the fewest choices; empty if none did. */
    public Optional<Failing> shortest() {
        return Optional.ofNullable(findings.shortest);
    }

    /**
     * Throws the failure of {@link #shortest}, with the line that replays it as a suppressed exception. Nothing if none
     * failed.
     */
    public void throwFailure() {
        Failing failing = findings.shortest;
        if (failing != null) {
            throw Replay.fail(
                    failing.failure, this + "; replay the shortest with Sim.run(" + failing.schedule + ", body)");
        }
    }

    @Override
    public String toString() {
        return findings.count + " of " + (complete ? "all " : "the first ") + schedules + " orders failed";
    }

    /** The failures while they are being found. */
    static final class Findings {

        private long count;
        private @Nullable Failing first;
        private @Nullable Failing shortest;

        void add(Schedule schedule, long steps, Throwable failure) {
            var found = new Failing(schedule, steps, failure);
            count++;
            first = first == null ? found : first;
            shortest = shortest == null || isShorter(found, shortest) ? found : shortest;
        }

        private static boolean isShorter(Failing one, Failing other) {
            return one.steps != other.steps
                    ? one.steps < other.steps
                    : one.schedule.choices().size() < other.schedule.choices().size();
        }
    }
}
