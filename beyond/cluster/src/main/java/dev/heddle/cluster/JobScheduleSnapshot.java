package dev.heddle.cluster;

import java.time.Instant;
import java.util.Optional;

/** A schedule of a queue as it was when somebody looked. Its times are by the wall clock of the node that leads. */
public sealed interface JobScheduleSnapshot permits JobSnapshots.ScheduleSnapshot {

    /** The name of the schedule. */
    String name();

    /** The name of its jobs. */
    String jobName();

    /** Its times: a cron expression with its zone, or a period. */
    String times();

    /** The next time; empty if no node has begun with it, or the one that looked does not know its zone. */
    Optional<Instant> next();

    /** The time for which a job was submitted last. */
    Optional<Instant> last();

    /** That job, which may be forgotten by now. */
    Optional<JobHandle> lastJob();
}
