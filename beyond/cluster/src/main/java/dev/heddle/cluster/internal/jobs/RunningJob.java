package dev.heddle.cluster.internal.jobs;

import dev.heddle.cluster.internal.JsonReader;
import dev.heddle.cluster.internal.JsonWriter;
import dev.heddle.cluster.store.Bytes;
import java.util.List;
import java.util.Optional;

/**
 * The node that runs a job.
 *
 * @param worker the entry of the worker
 * @param node the name of its node
 * @param name of the handler
 * @param progress what the handler has said last; empty at first
 * @param begunAt for people: when it began, in milliseconds since 1970 by the clock of the node
 * @param group the group of the job; may be empty
 * @param permits what it has of the limits of the queue
 */
public record RunningJob(String worker, String node, String name, Bytes progress, long begunAt, String group,
        List<String> permits) {

    /** Its form. */
    public Bytes encode() {
        return new JsonWriter()
                .text("worker", worker)
                .text("node", node)
                .text("name", name)
                .bytes("progress", progress)
                .number("begunAtMillis", begunAt)
                .text("group", group)
                .texts("permits", permits)
                .end();
    }

    /** What a form says. */
    public static Optional<RunningJob> decode(Bytes form) {
        return JsonReader.read(form, RunningJob::read);
    }

    private static RunningJob read(JsonReader in) {
        String worker = "";
        String node = "";
        String name = "";
        Bytes progress = Bytes.EMPTY;
        long begunAt = 0;
        String group = "";
        List<String> permits = List.of();
        while (in.next()) {
            switch (in.name()) {
                case "worker" -> worker = in.text();
                case "node" -> node = in.text();
                case "name" -> name = in.text();
                case "progress", "progressBase64" -> progress = in.bytes();
                case "begunAtMillis" -> begunAt = in.number();
                case "group" -> group = in.text();
                case "permits" -> permits = in.texts();
                default -> in.skip();
            }
        }
        if (worker.isEmpty() || name.isEmpty()) {
            throw new IllegalArgumentException("a running job has a worker and a name");
        }
        return new RunningJob(worker, node, name, progress, begunAt, group, permits);
    }
}
