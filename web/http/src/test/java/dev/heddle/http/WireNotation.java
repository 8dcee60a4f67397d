package dev.heddle.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * The notation of the corpus, in which every byte of a message can be seen.
 *
 * <p>What stands on a line are the bytes, without the line end of the file. {@code \r \n \t \0 \\} and {@code \xHH}
 * stand for one byte each, {@code \*N text} up to the end of the line for the text N times over. All else is visible
 * ASCII or a space.
 */
public final class WireNotation {

    private WireNotation() {}

    /** The bytes that some lines stand for. */
    static byte[] bytes(List<String> lines) {
        var bytes = new ByteArrayOutputStream();
        lines.forEach(line -> put(bytes, line));
        return bytes.toByteArray();
    }

    /** The same of one line, as Latin-1. */
    public static String text(String line) {
        var bytes = new ByteArrayOutputStream();
        put(bytes, line);
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    /** A text of Latin-1 in the notation, without repetitions. */
    public static String show(String latin1) {
        var line = new StringBuilder();
        for (char c : latin1.toCharArray()) {
            switch (c) {
                case '\r' -> line.append("\\r");
                case '\n' -> line.append("\\n");
                case '\t' -> line.append("\\t");
                case '\0' -> line.append("\\0");
                case '\\' -> line.append("\\\\");
                default -> {
                    if (c >= ' ' && c < 0x7f) {
                        line.append(c);
                    } else {
                        line.append("\\x").append(HexFormat.of().toHexDigits((byte) c));
                    }
                }
            }
        }
        return line.toString();
    }

    private static void put(ByteArrayOutputStream out, String line) {
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c < ' ' || c > '~') {
                throw new IllegalArgumentException("not visible ASCII at " + i + " of " + line);
            }
            if (c != '\\') {
                out.write(c);
                continue;
            }
            char kind = line.charAt(++i);
            switch (kind) {
                case 'r' -> out.write('\r');
                case 'n' -> out.write('\n');
                case 't' -> out.write('\t');
                case '0' -> out.write(0);
                case '\\' -> out.write('\\');
                case 'x' -> {
                    out.write(HexFormat.fromHexDigits(line, i + 1, i + 3));
                    i += 2;
                }
                case '*' -> {
                    int space = line.indexOf(' ', i);
                    byte[] once = bytes(List.of(line.substring(space + 1)));
                    for (int n = Integer.parseInt(line.substring(i + 1, space)); n > 0; n--) {
                        out.writeBytes(once);
                    }
                    return;
                }
                default -> throw new IllegalArgumentException("unknown escape \\" + kind + " in " + line);
            }
        }
    }
}
