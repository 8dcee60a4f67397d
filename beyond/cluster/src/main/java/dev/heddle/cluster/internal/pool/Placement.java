package dev.heddle.cluster.internal.pool;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The choice of the node that gets a body: of those with the labels that are asked for the one that has least to do,
 * or the one where a key lives.
 *
 * <p>A key lives on the node with the highest hash of both (rendezvous hashing): when a node comes or goes, only keys
 * of that node move.
 *
 * @param labels what the node must say of itself
 * @param key null if there is none
 * @see <a href="https://www.eecs.umich.edu/techreports/cse/96/CSE-TR-316-96.pdf">Thaler, Ravishankar: A Name-Based
 *     Mapping Scheme for Rendezvous</a>
 */
public record Placement(Map<String, String> labels, @Nullable String key) {

    /** Any node. */
    public static final Placement ANYWHERE = new Placement(Map.of(), null);

    /** Copies the labels. */
    public Placement {
        labels = Map.copyOf(labels);
    }

    /** With a label more. */
    public Placement with(String label, String value) {
        Map<String, String> more = new HashMap<>(labels);
        more.put(Objects.requireNonNull(label), Objects.requireNonNull(value));
        return new Placement(more, key);
    }

    /** For a key. */
    public Placement near(String otherKey) {
        return new Placement(labels, Objects.requireNonNull(otherKey));
    }

    /** Whether a node has the labels that are asked for. */
    boolean fits(Peer node) {
        return labels.isEmpty() || node.labels().entrySet().containsAll(labels.entrySet());
    }

    /**
     * The nodes that may have a body, the best first; of a key that is one at most.
     *
     * @param load how much a node has to do, for its size
     */
    public List<Peer> order(List<Peer> nodes, ToDoubleFunction<Peer> load) {
        var fit = nodes.stream().filter(this::fits);
        if (key == null) {
            return fit.sorted(Comparator.comparingDouble(load)).toList();
        }
        return fit.max(Comparator.<Peer>comparingLong(node -> hash(node.name(), key)).thenComparing(Peer::name))
                .map(List::of)
                .orElse(List.of());
    }

    /** Well mixed: a checksum alone differs for like names in few bits. */
    private static long hash(String node, String key) {
        var crc = new CRC32C();
        crc.update(node.getBytes(StandardCharsets.UTF_8));
        crc.update(0);
        crc.update(key.getBytes(StandardCharsets.UTF_8));
        long mixed = crc.getValue() * 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ (mixed >>> 32)) * 0xd6e8feb86659fd93L;
        return mixed ^ (mixed >>> 32);
    }
}
