package dev.heddle.cluster.internal.wire;

import dev.heddle.cluster.NodeRefusedException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * The first message of both sides: who speaks, and what may be said.
 *
 * @param version the newest version of the wire that it speaks
 * @param oldest the oldest that it speaks
 * @param cluster the name of its cluster
 * @param node its name there
 * @param classes a hash of its class path
 * @param workers how many bodies it runs at a time
 * @param maxBytes the longest body or answer that it takes
 */
public record Hello(
        int version, int oldest, String cluster, String node, String classes, int workers, int maxBytes) {

    /** The version of this build. A node speaks it and the one before, so that nodes are replaced one by one. */
    public static final int VERSION = 1;

    /** The oldest version that this build speaks. */
    public static final int OLDEST = 1;

    /** So that whatever else speaks at this port is not taken for a node. */
    private static final int MAGIC = 0x48644c63;

    /** A hello has no more. */
    static final int MAX_BYTES = 4096;

    /** What may stand around an encoded body or answer: heads, names. */
    private static final int AROUND = 64 * 1024;

    /** The longest message that it takes. */
    public int maxMessageBytes() {
        return (int) Math.min(Integer.MAX_VALUE - 64L, maxBytes + (long) AROUND);
    }

    /** Encodes it. */
    public byte[] encode() {
        ByteBuffer bytes = ByteBuffer.allocate(MAX_BYTES);
        bytes.putInt(MAGIC).putShort((short) version).putShort((short) oldest);
        Texts.put(bytes, Texts.utf8(cluster));
        Texts.put(bytes, Texts.utf8(node));
        Texts.put(bytes, Texts.utf8(classes));
        bytes.putInt(workers).putInt(maxBytes);
        byte[] all = new byte[bytes.flip().remaining()];
        bytes.get(all);
        return all;
    }

    /**
     * Reads it. What a later version has behind it is passed over.
     *
     * @throws NodeRefusedException if it is no hello
     */
    public static Hello decode(byte[] content) {
        ByteBuffer in = ByteBuffer.wrap(content);
        try {
            if (in.getInt() == MAGIC) {
                return new Hello(
                        in.getShort(), in.getShort(), Texts.take(in), Texts.take(in), Texts.take(in), in.getInt(),
                        in.getInt());
            }
        } catch (BufferUnderflowException e) {
            // See below.
        }
        throw new NodeRefusedException("what answers is no node of a cluster of Heddle");
    }

    /**
     * Requires that the other node is one to work with.
     *
     * @throws NodeRefusedException if it is not; the words have what is different
     */
    public void check(Hello other) {
        if (Math.min(version, other.version) < Math.max(oldest, other.oldest)) {
            throw new NodeRefusedException(node + " speaks the versions " + oldest + " to " + version
                    + " of the wire, and " + other.node + " the versions " + other.oldest + " to " + other.version);
        }
        if (!cluster.equals(other.cluster)) {
            throw new NodeRefusedException(
                    node + " belongs to the cluster " + cluster + ", and " + other.node + " to " + other.cluster);
        }
        if (!classes.equals(other.classes)) {
            throw new NodeRefusedException(node + " and " + other.node
                    + " have different class paths (" + classes + " and " + other.classes
                    + "): bodies travel by name, so all nodes run the same program");
        }
    }
}
