package dev.heddle.http.internal.http2;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The Huffman code of HPACK (RFC 7541, section 5.2 and appendix B), written word by word and read eight bits at a step.
 *
 * <p>The code is canonical, so the lengths of its words are all of it: words of one length are numbers in a row, in the
 * order of their symbols, and the first of each length follows from the last of the one before.
 */
final class HpackHuffman {

    /** For each symbol from 0 to the end mark, 256, the length of its word: A is 5 bits, Z is 30. */
    private static final String LENGTHS = "ISXXXXXXXTZXXZXXXXXXXXZXXXXXXXXXBFFHIBDGFFDGDBBBAAABBBBBBBCDKBHF"
            + "IBCCCCCCCCCCCCCCCCCCCCCCDCDIOIJBKABABABBBACCBBBABCBAABCCCCCKGJIX"
            + "PRPPRRRSRSSSSSTSTTRSTSSSSQRSRSSTRQPRRSSQSRRTQRSSQQRQSRSSPRRRSRRS"
            + "VVPORSRUVVVWWVTUOQVWWVWTQQVVXWWWPTPQRQQSRRUUTTVSVWVVWWWWWXWWWWWV"
            + "Z";

    private static final int SHORTEST = 5;
    private static final int MAX = 30;
    private static final int END_MARK = 256;

    /** What a step gives that no word begins with. */
    private static final short NOTHING = -1;

    /**
     * The bit of an entry that says it ends a word: below it the symbol, above it how many bits of the step it took.
     */
    private static final int WORD = 1 << 8;

    private static final int LENGTH_SHIFT = 9;

    /** The word of each symbol. */
    private static final int[] WORDS = new int[END_MARK];

    /** How many bits it has. */
    private static final byte[] BITS = new byte[END_MARK];

    /**
     * For each part of a word that is whole steps long, what the next eight bits mean: a word's end, or the number of
     * the part that is one step longer. Number 0 is the empty part.
     */
    private static final short[][] STEPS = steps();

    private HpackHuffman() {}

    private static short[][] steps() {
        var parts = new short[64][];
        parts[0] = empty();
        int count = 1;
        int word = 0;
        for (int length = SHORTEST; length <= MAX; length++) {
            for (int symbol = 0; symbol < END_MARK; symbol++) {
                if (LENGTHS.charAt(symbol) - 'A' + SHORTEST != length) {
                    continue;
                }
                WORDS[symbol] = word;
                BITS[symbol] = (byte) length;
                short[] part = parts[0];
                int left = length;
                for (; left > 8; left -= 8) {
                    int step = (word >>> (left - 8)) & 0xff;
                    if (part[step] == NOTHING) {
                        parts[count] = empty();
                        part[step] = (short) count++;
                    }
                    part = parts[part[step]];
                }
                int first = (word << (8 - left)) & 0xff;
                for (int step = first; step < first + (1 << (8 - left)); step++) {
                    part[step] = (short) ((left << LENGTH_SHIFT) | WORD | symbol);
                }
                word++;
            }
            word <<= 1;
        }
        return Arrays.copyOf(parts, count);
    }

    private static short[] empty() {
        var part = new short[256];
        Arrays.fill(part, NOTHING);
        return part;
    }

    /** The most characters that so many bytes can stand for. */
    static int mostCharacters(int bytes) {
        return bytes * 8 / SHORTEST;
    }

    /**
     * Reads a text.
     *
     * @param in where it stands; its position does not move
     * @param target takes {@link #mostCharacters} bytes
     * @return how many characters it has; -1 if this is no text in the code: it has the end mark, a piece of no word,
     *     or padding that is long or not all ones
     */
    static int read(ByteBuffer in, int from, int length, byte[] target) {
        int written = 0;
        long bits = 0;
        int count = 0;
        int part = 0;
        int sinceWord = 0;
        for (int at = from; at < from + length; at++) {
            bits = (bits << 8) | (in.get(at) & 0xff);
            count += 8;
            sinceWord += 8;
            while (count >= 8) {
                int entry = STEPS[part][(int) (bits >>> (count - 8)) & 0xff];
                if (entry == NOTHING) {
                    return -1;
                }
                if ((entry & WORD) == 0) {
                    part = entry;
                    count -= 8;
                } else {
                    target[written++] = (byte) entry;
                    count -= entry >>> LENGTH_SHIFT;
                    sinceWord = count;
                    part = 0;
                }
            }
        }
        while (count > 0) {
            int entry = STEPS[part][(int) (bits << (8 - count)) & 0xff];
            if (entry == NOTHING || (entry & WORD) == 0 || entry >>> LENGTH_SHIFT > count) {
                break;
            }
            target[written++] = (byte) entry;
            count -= entry >>> LENGTH_SHIFT;
            sinceWord = count;
            part = 0;
        }
        long padding = (1L << count) - 1;
        return sinceWord > 7 || (bits & padding) != padding ? -1 : written;
    }

    /** How many bytes a text of Latin-1 takes in the code. */
    static int length(String text) {
        int bits = 0;
        for (int i = 0; i < text.length(); i++) {
            bits += BITS[text.charAt(i) & 0xff];
        }
        return (bits + 7) >>> 3;
    }

    /** Writes a text of Latin-1, and ones up to the end of its last byte. */
    static void write(String text, ByteBuffer target) {
        long bits = 0;
        int count = 0;
        for (int i = 0; i < text.length(); i++) {
            int symbol = text.charAt(i) & 0xff;
            bits = (bits << BITS[symbol]) | WORDS[symbol];
            count += BITS[symbol];
            if (count >= Integer.SIZE) {
                count -= Integer.SIZE;
                target.putInt((int) (bits >>> count));
            }
        }
        while (count >= Byte.SIZE) {
            count -= Byte.SIZE;
            target.put((byte) (bits >>> count));
        }
        if (count > 0) {
            target.put((byte) ((bits << (Byte.SIZE - count)) | (0xff >>> count)));
        }
    }
}
