package dev.heddle.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * The messages that fuzzing has found and that are kept: each leads to code that no seed and no other of them leads to.
 * One file for each target, one message a line in {@link WireNotation}.
 */
public final class FuzzCorpus {

    /** Of the test resources. */
    private static final String FOLDER = "fuzz";

    private FuzzCorpus() {}

    /** Those of a target, in their order in the file. */
    public static List<byte[]> of(FuzzTarget target) {
        try (InputStream in = FuzzCorpus.class.getResourceAsStream("/" + FOLDER + "/" + file(target))) {
            if (in == null) {
                return List.of();
            }
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines()
                    .map(line -> Wire.latin1(WireNotation.text(line)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes those of a target anew: short ones first, so that two runs that keep the same write the same. */
    public static void write(Path resources, FuzzTarget target, Collection<byte[]> messages) throws IOException {
        List<String> lines = messages.stream()
                .map(bytes -> WireNotation.show(Wire.text(bytes)))
                .sorted(FuzzCorpus::compare)
                .toList();
        Files.write(Files.createDirectories(resources.resolve(FOLDER)).resolve(file(target)), lines);
    }

    static int compare(String line, String other) {
        return line.length() == other.length() ? line.compareTo(other) : Integer.compare(line.length(), other.length());
    }

    static String file(FuzzTarget target) {
        return target.name().toLowerCase(Locale.ROOT) + ".txt";
    }
}
