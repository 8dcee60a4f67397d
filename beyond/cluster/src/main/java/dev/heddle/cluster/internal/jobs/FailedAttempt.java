package dev.heddle.cluster.internal.jobs;

import dev.heddle.cluster.internal.Forms;
import dev.heddle.cluster.internal.JsonReader;
import dev.heddle.cluster.internal.JsonWriter;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.internal.Durations;
import dev.heddle.internal.Throwables;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The record of a failed attempt at a job. All of it but the stack stands in the forms of the job, which many nodes
 * follow; with the stack it is an entry of its own, for whoever asks.
 *
 * @param type the class of what was thrown, {@link #LOST}, {@link #EXPIRED} or {@link #REFUSED}; empty if there was no failure
 * @param message of what was thrown, cut to {@value #MAX_MESSAGE} characters
 * @param stack the frames, and those of the causes; empty in the forms of the job
 * @param attempt the number of the attempt
 * @param node that made it
 * @param at for people: when it failed, in milliseconds since 1970 by the clock of the node
 */
public record FailedAttempt(String type, String message, String stack, int attempt, String node, long at) {

    /** The type of an attempt whose node was lost. */
    public static final String LOST = "lost";

    /** The type of a job whose deadline has passed. */
    public static final String EXPIRED = "expired";

    /** The type of a row that is no job. */
    public static final String REFUSED = "refused";

    /** No failure. */
    public static final FailedAttempt NONE = new FailedAttempt("", "", "", 0, "", 0);

    private static final int MAX_TYPE = 300;
    private static final int MAX_MESSAGE = 600;
    private static final int MAX_STACK = 8 * 1024;

    /** Of one throwable. */
    private static final int MAX_FRAMES = 50;

    /** Of causes that are looked through. */
    private static final int MAX_DEPTH = 20;

    /** Cuts the texts, and takes out of them what databases refuse. */
    public FailedAttempt {
        type = Forms.cut(type, MAX_TYPE).replace('\0', '\ufffd');
        message = Forms.cut(message, MAX_MESSAGE).replace('\0', '\ufffd');
        stack = stack.replace('\0', '\ufffd');
    }

    /** What is kept of something thrown. */
    public static FailedAttempt of(Throwable failure, int attempt, String node, long at) {
        String type = failure.getClass().getName();
        return new FailedAttempt(type, message(type, failure), stack(failure), attempt, node, at);
    }

    /** The end of a job whose deadline has passed while nobody did it. */
    public static FailedAttempt expired(OpenJob job, long at) {
        FailedAttempt last = job.failure();
        return new FailedAttempt(last.type, last.message, "", last.attempt, last.node, at)
                .expired(job, "it was not done within its deadline of ");
    }

    /** The same as the last one of a job whose deadline leaves no time for another. */
    public FailedAttempt expiring(OpenJob job) {
        return expired(job, "there is no time left for another attempt within its deadline of ");
    }

    private FailedAttempt expired(OpenJob job, String why) {
        return new FailedAttempt(EXPIRED, why + Durations.words(Duration.ofMillis(job.terms().deadlineMillis()))
                + (isNone() ? "" : "; its last failure: " + text()), stack, attempt, node, at);
    }

    /** A failure of a type, or a cause of it. */
    public static <X extends Throwable> Optional<X> find(Class<X> type, Throwable failure) {
        return causes(failure).stream().filter(type::isInstance).map(type::cast).findFirst();
    }

    /** Whether there was none. */
    public boolean isNone() {
        return type.isEmpty();
    }

    /** The type and the message; empty if there was no failure. */
    public String text() {
        return message.isEmpty() ? type : type + ": " + message;
    }

    /** The same without the stack. */
    public FailedAttempt withoutStack() {
        return withStack("");
    }

    /** The same with the stack of its entry. */
    public FailedAttempt withStack(String stack) {
        return new FailedAttempt(type, message, stack, attempt, node, at);
    }

    private static String message(String type, Throwable failure) {
        String text = Throwables.text(failure);
        if (text.startsWith(type)) {
            return text.startsWith(": ", type.length()) ? text.substring(type.length() + 2) : "";
        }
        return text;
    }

    private static String stack(Throwable failure) {
        var text = new StringBuilder();
        try {
            for (Throwable each : causes(failure)) {
                if (each != failure) {
                    text.append("Caused by: ").append(Forms.cut(Throwables.text(each), MAX_MESSAGE)).append('\n');
                }
                StackTraceElement[] frames = each.getStackTrace();
                for (int i = 0; i < Math.min(MAX_FRAMES, frames.length); i++) {
                    text.append("    at ").append(frames[i]).append('\n');
                }
                if (frames.length > MAX_FRAMES) {
                    text.append("    ... ").append(frames.length - MAX_FRAMES).append(" more\n");
                }
            }
        } catch (RuntimeException | Error e) {
            text.append("    (its stack cannot be read)\n");
        }
        if (text.length() > MAX_STACK) {
            text.setLength(text.lastIndexOf("\n", MAX_STACK - 1) + 1);
        }
        return text.toString();
    }

    /** A failure and its causes, each once; those before one that fails when it is asked for its own. */
    private static List<Throwable> causes(Throwable failure) {
        List<Throwable> all = new ArrayList<>();
        try {
            for (Throwable each = failure; each != null && all.size() < MAX_DEPTH && !all.contains(each);) {
                all.add(each);
                each = each.getCause();
            }
        } catch (RuntimeException | Error e) {
            // An exception of users may fail in all that it is asked.
        }
        return all;
    }

    /** Writes it into a form, but for the stack; nothing if there was no failure. */
    JsonWriter write(JsonWriter out) {
        return isNone() ? out : fields(out.open("failure")).close();
    }

    private JsonWriter fields(JsonWriter out) {
        return out.text("type", type)
                .text("message", message)
                .number("attempt", attempt)
                .text("node", node)
                .number("atMillis", at);
    }

    /** The entry with its stack. */
    public Bytes encode() {
        return fields(new JsonWriter()).text("stack", stack).end();
    }

    /** What an entry says. */
    public static Optional<FailedAttempt> decode(Bytes form) {
        return JsonReader.read(form, FailedAttempt::fields);
    }

    /** What the field of a form says. */
    static FailedAttempt read(JsonReader in) {
        in.open();
        return fields(in);
    }

    private static FailedAttempt fields(JsonReader in) {
        String type = "";
        String message = "";
        String stack = "";
        int attempt = 0;
        String node = "";
        long at = 0;
        while (in.next()) {
            switch (in.name()) {
                case "type" -> type = in.text();
                case "message" -> message = in.text();
                case "stack" -> stack = in.text();
                case "attempt" -> attempt = in.integer();
                case "node" -> node = in.text();
                case "atMillis" -> at = in.number();
                default -> in.skip();
            }
        }
        return new FailedAttempt(type, message, stack, attempt, node, at);
    }
}
