package dev.heddle.linux;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The environment of a child, environ(7), as bytes: in UTF-8, but what this process has inherited goes on as it came, also
 * where {@link System#getenv()} could not read it as text.
 */
final class Variables {

    /** Those that would not be the same again, by how Java reads them. */
    private static final Map<String, byte[]> INHERITED = inherited();

    private Variables() {}

    /** The variables as {@code name=value}. */
    static List<byte[]> of(Map<String, String> environment) {
        return environment.entrySet().stream()
                .map(variable -> variable.getKey() + "=" + variable.getValue())
                .map(text -> INHERITED.getOrDefault(text, text.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    private static Map<String, byte[]> inherited() {
        Map<String, byte[]> found = new HashMap<>();
        try {
            byte[] all = Files.readAllBytes(Path.of("/proc/self/environ"));
            Charset charset = Charset.forName(System.getProperty("sun.jnu.encoding"), StandardCharsets.UTF_8);
            for (int at = 0; at < all.length;) {
                int end = endOf(all, at);
                byte[] variable = Arrays.copyOfRange(all, at, end);
                String text = new String(variable, charset);
                if (!Arrays.equals(variable, text.getBytes(StandardCharsets.UTF_8))) {
                    found.put(text, variable);
                }
                at = end + 1;
            }
        } catch (IOException e) {
            // Then they go on as text.
        }
        return Map.copyOf(found);
    }

    private static int endOf(byte[] all, int from) {
        int end = from;
        while (end < all.length && all[end] != 0) {
            end++;
        }
        return end;
    }
}
