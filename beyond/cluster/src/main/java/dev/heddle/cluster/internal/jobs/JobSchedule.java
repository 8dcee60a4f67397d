package dev.heddle.cluster.internal.jobs;

import dev.heddle.Cron;
import dev.heddle.cluster.internal.JsonReader;
import dev.heddle.cluster.internal.JsonWriter;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.internal.Durations;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongUnaryOperator;

/**
 * A job that is submitted again and again.
 *
 * @param last everything up to this second since 1970 is done with; {@link #NEW} if no node has looked at it yet
 * @param submitted the second for which a job was submitted last; 0 if none was
 * @param terms of each job, but for when it is submitted
 */
public record JobSchedule(Times times, long last, long submitted, JobTerms terms, Bytes payload) {

    /** Nobody has looked at it yet. */
    public static final long NEW = Long.MIN_VALUE;

    /** Of missed times that may come. */
    public static final int MAX_MISSED = 1_000;

    /**
     * The times.
     *
     * @param cron the expression; empty if there is a period
     * @param zone of the expression
     * @param everySeconds the period; 0 if there is an expression
     * @param maxMissed how many of those that were missed come
     */
    public record Times(String cron, String zone, long everySeconds, int maxMissed) {

        private static final long MAX_SECONDS = Duration.ofDays(10 * 366).toSeconds();

        /** Checks the numbers, which come from a store. */
        public Times {
            if (everySeconds < 0 || everySeconds > MAX_SECONDS || maxMissed < 0 || maxMissed > MAX_MISSED) {
                throw new IllegalArgumentException("a schedule has a period of at most ten years, not " + everySeconds
                        + " s, and at most " + MAX_MISSED + " missed times, not " + maxMissed);
            }
        }

        /**
         * The first time after a second that the schedule is done with.
         *
         * @return empty if this node does not understand it
         */
        public OptionalLong next(long last) {
            try {
                return OptionalLong.of(steps().applyAsLong(last));
            } catch (DateTimeException | IllegalArgumentException _) {
                return OptionalLong.empty(); // of a node that knows more zones, or a later form
            }
        }

        /** Gives the time after another. */
        private LongUnaryOperator steps() {
            if (everySeconds > 0) {
                return last -> last + everySeconds;
            }
            Cron parsed = Cron.of(cron, ZoneId.of(zone));
            return last -> parsed.next(Instant.ofEpochSecond(last)).getEpochSecond();
        }

        /** The latest times after a second, up to another, so many at most, the earliest first. */
        Deque<Long> latest(long last, long now, int max) {
            LongUnaryOperator steps = steps();
            Deque<Long> times = new ArrayDeque<>();
            // Looks back twice as far each time, so that years that nobody saw are not gone through.
            for (long back = Math.max(60, everySeconds);; back *= 2) {
                long from = Math.max(last, now - back);
                if (everySeconds > 0) {
                    from = last + (from - last) / everySeconds * everySeconds;
                }
                times.clear();
                for (long next = steps.applyAsLong(from); next <= now; next = steps.applyAsLong(next)) {
                    times.add(next);
                    if (times.size() > max) {
                        times.remove();
                    }
                }
                if (times.size() >= max || from == last) {
                    return times;
                }
            }
        }

        private boolean areLike(Times other) {
            return cron.equals(other.cron) && zone.equals(other.zone) && everySeconds == other.everySeconds;
        }

        /** For people. */
        public String words() {
            return everySeconds > 0
                    ? "every " + Durations.words(Duration.ofSeconds(everySeconds))
                    : cron + " in " + zone;
        }
    }

    /** The same, which goes on where the one before of the same times is. */
    public JobSchedule following(Optional<JobSchedule> before) {
        return before.filter(old -> old.times.areLike(times))
                .map(old -> new JobSchedule(times, old.last, old.submitted, terms, payload)).orElse(this);
    }

    /** The same, up to a later second; of a period up to its last end before that. */
    public JobSchedule upTo(long second) {
        long every = times.everySeconds;
        long done = every > 0 && last != NEW && second > last ? last + (second - last) / every * every : second;
        return new JobSchedule(times, done, submitted, terms, payload);
    }

    /** The same, with a job submitted for a second. */
    public JobSchedule submitted(long second) {
        return new JobSchedule(times, last, second, terms, payload);
    }

    /** The times that are due, up to now, the earliest first: one if they come together. */
    public Deque<Long> due(long now) {
        return times.maxMissed <= 1 ? firstDue(now) : times.latest(last, now, times.maxMissed);
    }

    private Deque<Long> firstDue(long now) {
        Deque<Long> due = new ArrayDeque<>();
        times.next(last).ifPresent(next -> {
            if (next <= now) {
                due.add(next);
            }
        });
        return due;
    }

    /** Its form. */
    public Bytes encode() {
        JsonWriter out = new JsonWriter()
                .text("cron", times.cron)
                .text("zone", times.zone)
                .number("everySeconds", times.everySeconds)
                .anyNumber("maxMissed", times.maxMissed);
        if (last != NEW) {
            out.anyNumber("lastSecond", last);
        }
        return terms.write(out.number("submittedSecond", submitted)).bytes("payload", payload).end();
    }

    /** What a form says. */
    public static Optional<JobSchedule> decode(Bytes form) {
        return JsonReader.read(form, JobSchedule::read);
    }

    private static JobSchedule read(JsonReader in) {
        String cron = "";
        String zone = "";
        long everySeconds = 0;
        int maxMissed = 1;
        long last = NEW;
        long submitted = 0;
        var terms = new JobTerms.Draft();
        Bytes payload = Bytes.EMPTY;
        while (in.next()) {
            switch (in.name()) {
                case "cron" -> cron = in.text();
                case "zone" -> zone = in.text();
                case "everySeconds" -> everySeconds = in.number();
                case "maxMissed" -> maxMissed = in.integer();
                case "lastSecond" -> last = in.number();
                case "submittedSecond" -> submitted = in.number();
                case "payload", "payloadBase64" -> payload = in.bytes();
                default -> terms.read(in);
            }
        }
        Times times = new Times(cron, zone, everySeconds, maxMissed);
        return new JobSchedule(times, last, submitted, terms.end(in).terms(), payload);
    }
}
