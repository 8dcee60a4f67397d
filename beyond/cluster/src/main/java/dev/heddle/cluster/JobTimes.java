package dev.heddle.cluster;

import dev.heddle.Cron;
import dev.heddle.cluster.internal.jobs.JobSchedule;
import dev.heddle.internal.Checks;
import java.time.Duration;

/**
 * The times of a schedule of jobs, and what becomes of those that nobody sees pass.
 *
 * <pre>{@code
 * jobs.schedule("refresh", JobTimes.every(Duration.ofMinutes(10)).withMaxMissed(0), JobSpec.of("refresh", Bytes.EMPTY));
 * }</pre>
 *
 * <p>Threads: immutable.
 */
public final class JobTimes {

    private final JobSchedule.Times times;

    private JobTimes(JobSchedule.Times times) {
        this.times = times;
    }

    /** The times of a cron expression. */
    public static JobTimes of(Cron cron) {
        return new JobTimes(new JobSchedule.Times(cron.expression(), cron.zone().getId(), 0, 1));
    }

    /**
     * Again and again, for the first time so long after a node has begun with the schedule.
     *
     * @param period whole seconds, from one second to ten years
     */
    public static JobTimes every(Duration period) {
        Checks.inRange("period in seconds", period.toSeconds(), 1, Duration.ofDays(10 * 366).toSeconds());
        if (!period.equals(Duration.ofSeconds(period.toSeconds()))) {
            throw new IllegalArgumentException("a schedule has a period of whole seconds, not " + period);
        }
        return new JobTimes(new JobSchedule.Times("", "", period.toSeconds(), 1));
    }

    /** How many of the times that were missed come later. */
    public int maxMissed() {
        return times.maxMissed();
    }

    /**
     * With another answer to times that have passed while no node handled jobs of the queue. With 0 they are skipped:
     * a time comes within a minute or not at all. With 1, as it is at first, they come once, together. With more, the
     * latest so many come, one after the other has ended; then a time that passes while the job of an earlier one has
     * not ended counts as missed, too, and is not left out.
     *
     * @param maxMissed 0 to 1,000
     */
    public JobTimes withMaxMissed(int maxMissed) {
        Checks.inRange("maxMissed", maxMissed, 0, JobSchedule.MAX_MISSED);
        return new JobTimes(new JobSchedule.Times(times.cron(), times.zone(), times.everySeconds(), maxMissed));
    }

    JobSchedule.Times times() {
        return times;
    }

    @Override
    public String toString() {
        return "JobTimes[" + times.words() + ", maxMissed=" + maxMissed() + "]";
    }
}
