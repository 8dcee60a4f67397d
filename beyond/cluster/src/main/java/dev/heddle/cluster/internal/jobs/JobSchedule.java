package dev.heddle.cluster.internal.jobs;

import dev.heddle.cluster.internal.JsonReader;
import dev.heddle.cluster.internal.JsonWriter;
import dev.heddle.cluster.store.Bytes;
import java.util.Optional;

/**
 * A job that is submitted again and again.
 *
 * @param last everything up to this second since 1970 is done with; {@link #NEW} if no node has looked at it yet
 * @param terms of each job, but for when it is submitted
 */
public record JobSchedule(String cron, String zone, long last, JobTerms terms, Bytes payload) {

    /** Nobody has looked at it yet. */
    public static final long NEW = Long.MIN_VALUE;

    /** The same, which goes on where the one before of the same times is. */
    public JobSchedule following(Optional<JobSchedule> before) {
        return before.filter(old -> old.cron.equals(cron) && old.zone.equals(zone))
                .map(old -> upTo(old.last)).orElse(this);
    }

    /** The same, up to a later second. */
    public JobSchedule upTo(long second) {
        return new JobSchedule(cron, zone, second, terms, payload);
    }

    /** Its form. */
    public Bytes encode() {
        JsonWriter out = new JsonWriter().text("cron", cron).text("zone", zone);
        if (last != NEW) {
            out.anyNumber("lastSecond", last);
        }
        return terms.write(out).bytes("payload", payload).end();
    }

    /** What a form says. */
    public static Optional<JobSchedule> decode(Bytes form) {
        return JsonReader.read(form, JobSchedule::read);
    }

    private static JobSchedule read(JsonReader in) {
        String cron = "";
        String zone = "";
        long last = NEW;
        var terms = new JobTerms.Draft();
        Bytes payload = Bytes.EMPTY;
        while (in.next()) {
            switch (in.name()) {
                case "cron" -> cron = in.text();
                case "zone" -> zone = in.text();
                case "lastSecond" -> last = in.number();
                case "payload", "payloadBase64" -> payload = in.bytes();
                default -> terms.read(in);
            }
        }
        return new JobSchedule(cron, zone, last, terms.terms(in), payload);
    }
}
