package dev.heddle.net.internal.dns;

import java.nio.ByteBuffer;

/**
 * A question to a name server: what records of a type has a name? The class is always that of the Internet.
 *
 * @param name in lower case, without a dot at the end; {@link #mayBeAsked} says whether a message can carry it
 * @param type one of the numbers here
 */
public record Question(String name, int type) {

    /** The types that are asked for, or followed, or looked at. */
    public static final int A = 1;

    public static final int CNAME = 5;
    public static final int SOA = 6;
    public static final int TXT = 16;
    public static final int AAAA = 28;
    public static final int SRV = 33;
    public static final int HTTPS = 65;

    static final int OPT = 41;
    static final int INTERNET = 1;

    /**
     * The bytes that an answer over UDP may have: what passes nearly every network in one piece (DNS flag day 2020),
     * since pieces get lost, and can be forged.
     */
    static final int UDP_BYTES = 1232;

    private static final int HEADER_BYTES = 12;
    private static final int TYPE_AND_CLASS_BYTES = 4;
    private static final int OPT_BYTES = 11;
    private static final int RECURSION_DESIRED = 0x0100;

    public Question {
        if (!mayBeAsked(name)) {
            // Its answer would never be known as one.
            throw new IllegalArgumentException("no message carries the name " + name);
        }
    }

    /** Whether a message can carry a name. */
    public static boolean mayBeAsked(String name) {
        return DomainName.fits(name);
    }

    /**
     * The message that asks.
     *
     * @param id 0 to 65535
     * @param edns whether to say how many bytes an answer may have (RFC 6891)
     */
    ByteBuffer message(int id, boolean edns) {
        ByteBuffer message = ByteBuffer.allocate(
                HEADER_BYTES + DomainName.MAX_BYTES + TYPE_AND_CLASS_BYTES + OPT_BYTES);
        message.putShort((short) id).putShort((short) RECURSION_DESIRED);
        message.putShort((short) 1).putShort((short) 0).putShort((short) 0).putShort((short) (edns ? 1 : 0));
        DomainName.write(name, message);
        message.putShort((short) type).putShort((short) INTERNET);
        if (edns) {
            message.put((byte) 0).putShort((short) OPT).putShort((short) UDP_BYTES).putInt(0).putShort((short) 0);
        }
        return message.flip();
    }

    @Override
    public String toString() {
        return switch (type) {
            case A -> "A";
            case AAAA -> "AAAA";
            case SRV -> "SRV";
            case TXT -> "TXT";
            case HTTPS -> "HTTPS";
            default -> "type " + type;
        } + " of " + name;
    }
}
