package dev.heddle.cluster.internal.jobs;

import dev.heddle.cluster.internal.Forms;
import dev.heddle.cluster.store.Bytes;
import java.util.Optional;

/**
 * A job that is submitted again and again.
 *
 * @param last everything up to this second since 1970 is done with; {@link #NEW} if no node has looked at it yet
 */
public record JobSchedule(
        String cron, String zone, String name, int priority, int maxAttempts, long last, Bytes payload) {

    /** Nobody has looked at it yet. */
    public static final long NEW = Long.MIN_VALUE;

    /** The same, which goes on where the one before of the same times is. */
    public JobSchedule following(Optional<JobSchedule> before) {
        return before.filter(old -> old.cron.equals(cron) && old.zone.equals(zone))
                .map(old -> upTo(old.last)).orElse(this);
    }

    /** The same, up to a later second. */
    public JobSchedule upTo(long second) {
        return new JobSchedule(cron, zone, name, priority, maxAttempts, second, payload);
    }

    /** Its form. */
    public Bytes encode() {
        return Forms.write(out -> {
            out.writeUTF(cron);
            out.writeUTF(zone);
            out.writeUTF(name);
            out.writeByte(priority);
            out.writeInt(maxAttempts);
            out.writeLong(last);
            Forms.writeBytes(out, payload);
        });
    }

    /** What a form says. */
    public static Optional<JobSchedule> decode(Bytes form) {
        return Forms.read(
                form,
                in -> new JobSchedule(
                        in.readUTF(),
                        in.readUTF(),
                        in.readUTF(),
                        in.readByte(),
                        in.readInt(),
                        in.readLong(),
                        Forms.readBytes(in)));
    }
}
