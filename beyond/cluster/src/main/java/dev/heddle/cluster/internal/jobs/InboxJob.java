package dev.heddle.cluster.internal.jobs;

import dev.heddle.cluster.internal.Forms;
import dev.heddle.cluster.internal.JsonReader;
import dev.heddle.cluster.internal.JsonWriter;
import dev.heddle.cluster.internal.Names;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.InboxRow;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.StoreLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A job in a row of an inbox, which another program may have written: one that is not as it must be becomes a dead letter
 * that says why.
 */
public final class InboxJob {

    /** What a form has and the options have not: it has a column of its own, or only nodes say it. */
    private static final Set<String> NO_OPTIONS = Set.of("name", "priority", "submittedAtMillis", "payloadBytes",
            "readyAtMillis", "attempts", "returned", "leftMillis", "cancelling", "dead", "failure", "stackBytes",
            "afterAnyEnd", "place", "blocked");

    private static final String DELAY = "delayMillis";

    private static final int MAX_ATTEMPTS = 5;

    private static final int MOST_ATTEMPTS = 1_000_000;

    private static final int MAX_SHOWN = 200;

    private InboxJob() {}

    /** What stands in the options of a row. */
    public static String options(JobTerms terms, long delayMillis) {
        Bytes all = terms.write(new JsonWriter()).number(DELAY, delayMillis).end();
        String kept = JsonReader.<String>read(all, in -> {
            while (in.next()) {
                if (NO_OPTIONS.contains(in.name())) {
                    in.skip();
                } else {
                    in.keep();
                }
            }
            return in.kept();
        }).orElseThrow();
        return new JsonWriter().kept(kept).end().utf8();
    }

    /**
     * The operations that make the job of a row known.
     *
     * @param newId gives an id for a row whose own is none
     * @param now for people, in milliseconds since 1970
     */
    public static List<Op> submit(JobKeys keys, InboxRow row, Supplier<String> newId, long now) {
        try {
            return keys.submit(idOf(row), open(row, now), row.payload());
        } catch (IllegalArgumentException e) {
            return bury(keys, row, newId, now, "the row of the inbox is no job: " + e.getMessage());
        }
    }

    /** The operations that make it known as cancelled. */
    public static List<Op> cancel(JobKeys keys, InboxRow row, long now) {
        String job = Names.encode(row.id());
        var end = new EndedJob(
                EndedJob.Kind.CANCELLED, 0, FailedAttempt.NONE, row.name(), row.atMillis(), 0, 0, now, 0, "",
                "", "");
        return List.of(
                new Op.Create(keys.record(job), Bytes.EMPTY, Lifetime.DURABLE),
                new Op.Create(keys.ended(job), end.encode(), Lifetime.DURABLE));
    }

    private static String idOf(InboxRow row) {
        return Names.encode(row.id());
    }

    private static OpenJob open(InboxRow row, long now) {
        Names.encode(row.name());
        OpenJob job = JsonReader.read(Bytes.utf8(row.options()), in -> read(in, row, now))
                .orElseThrow(
                        () -> new IllegalArgumentException("its options are no JSON object of what a job may have: "
                                + Forms.cut(row.options(), MAX_SHOWN)));
        if (job.key().startsWith("~")) {
            throw new IllegalArgumentException("the keys that begin with ~ are those of schedules: " + job.key());
        }
        if (job.terms().awaits()) {
            throw new IllegalArgumentException("a job of the inbox waits for no other");
        }
        int attempts = job.terms().maxAttempts();
        if (attempts < 1 || attempts > MOST_ATTEMPTS) {
            throw new IllegalArgumentException("maxAttempts is 1 to " + MOST_ATTEMPTS + ", not " + attempts);
        }
        return job;
    }

    private static OpenJob read(JsonReader in, InboxRow row, long now) {
        var terms = new JobTerms.Draft();
        terms.maxAttempts = MAX_ATTEMPTS;
        terms.name = row.name();
        long delay = 0;
        while (in.next()) {
            if (in.name().equals(DELAY)) {
                delay = in.number();
            } else if (NO_OPTIONS.contains(in.name())) {
                in.skip();
            } else {
                terms.read(in);
            }
        }
        describe(terms, row, now);
        return OpenJob.of(terms.end(in).terms(), delay);
    }

    private static void describe(JobTerms.Draft terms, InboxRow row, long now) {
        terms.priority = row.priority();
        terms.bytes = row.payload().length();
        terms.submittedAt = row.atMillis() == 0 ? now : row.atMillis();
    }

    private static List<Op> bury(JobKeys keys, InboxRow row, Supplier<String> newId, long now, String why) {
        var terms = new JobTerms.Draft();
        terms.name = row.name().isEmpty() ? "?" : Forms.cut(row.name(), MAX_SHOWN);
        describe(terms, row, now);
        String job;
        try {
            job = idOf(row);
        } catch (IllegalArgumentException _) {
            job = Names.encode(newId.get());
        }
        boolean fits = row.payload().length() <= StoreLimits.MAX_VALUE;
        var failure = new FailedAttempt(FailedAttempt.REFUSED, why, "", 0, "", now);
        OpenJob dead = OpenJob.of(terms.terms(), 0).buried(failure, 0);
        List<Op> ops = new ArrayList<>(keys.submit(job, dead, fits ? row.payload() : Bytes.EMPTY));
        ops.add(new Op.Create(
                keys.ended(job), dead.ended(EndedJob.Kind.DEAD, failure, 0, now, 0).encode(), Lifetime.DURABLE));
        return ops;
    }
}
