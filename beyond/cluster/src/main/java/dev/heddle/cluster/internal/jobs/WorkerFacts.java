package dev.heddle.cluster.internal.jobs;

import dev.heddle.cluster.internal.JsonReader;
import dev.heddle.cluster.internal.JsonWriter;
import dev.heddle.cluster.store.Bytes;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The handlers of a node.
 *
 * @param node the name of the node
 * @param limits how many jobs at a time, by the name of the handler
 */
public record WorkerFacts(String node, Map<String, Integer> limits) {

    /** Copies the limits. */
    public WorkerFacts {
        limits = Map.copyOf(limits);
    }

    /** Its form. */
    public Bytes encode() {
        JsonWriter out = new JsonWriter().text("node", node).open("limits");
        new TreeMap<>(limits).forEach(out::anyNumber);
        return out.close().end();
    }

    /** How many bytes the form of a node has that handles nothing. */
    public static int bytesOf(String node) {
        return new WorkerFacts(node, Map.of()).encode().length();
    }

    /** How many more it has with a handler, and a comma. */
    public static int bytesOf(String handler, int limit) {
        return new WorkerFacts("", Map.of(handler, limit)).encode().length() - bytesOf("") + 1;
    }

    /** What a form says. */
    public static Optional<WorkerFacts> decode(Bytes form) {
        return JsonReader.read(form, WorkerFacts::read);
    }

    private static WorkerFacts read(JsonReader in) {
        String node = "";
        Map<String, Integer> limits = new TreeMap<>();
        while (in.next()) {
            switch (in.name()) {
                case "node" -> node = in.text();
                case "limits" -> {
                    in.open();
                    while (in.next()) {
                        limits.put(in.name(), in.integer());
                    }
                }
                default -> in.skip();
            }
        }
        if (node.isEmpty()) {
            throw new IllegalArgumentException("a worker has a node");
        }
        return new WorkerFacts(node, limits);
    }
}
