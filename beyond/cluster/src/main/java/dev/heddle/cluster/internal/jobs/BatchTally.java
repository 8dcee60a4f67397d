package dev.heddle.cluster.internal.jobs;

import dev.heddle.cluster.internal.JsonReader;
import dev.heddle.cluster.internal.JsonWriter;
import dev.heddle.cluster.store.Bytes;
import java.util.Optional;

/**
 * The numbers of the jobs of a batch that have ended and are forgotten; it changes in the commits that forget them. So a
 * batch of any size needs no more room than the results that a queue keeps.
 */
public record BatchTally(long done, long cancelled) {

    /** None. */
    public static final BatchTally NONE = new BatchTally(0, 0);

    /** With one more. */
    public BatchTally with(EndedJob.Kind kind) {
        return kind == EndedJob.Kind.CANCELLED
                ? new BatchTally(done, cancelled + 1)
                : new BatchTally(done + 1, cancelled);
    }

    /** Its form. */
    public Bytes encode() {
        return new JsonWriter().number("done", done).number("cancelled", cancelled).end();
    }

    /** What a form says. */
    public static Optional<BatchTally> decode(Bytes form) {
        return JsonReader.read(form, BatchTally::read);
    }

    private static BatchTally read(JsonReader in) {
        long done = 0;
        long cancelled = 0;
        while (in.next()) {
            switch (in.name()) {
                case "done" -> done = in.number();
                case "cancelled" -> cancelled = in.number();
                default -> in.skip();
            }
        }
        return new BatchTally(done, cancelled);
    }
}
