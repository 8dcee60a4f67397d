package dev.heddle.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * One message of the corpus: what must come of it, and its bytes in {@link WireNotation}.
 *
 * <pre>
 *   why: RFC 9112, section 6.3: two lengths
 *   answers: 400
 *   end: closed
 *   ---
 *   POST /a HTTP/1.1\r\n
 *   Content-Length: 5\r\n
 *   ...
 * </pre>
 *
 * @param name of the file
 * @param facts the lines above the rule
 * @param bytes what goes over the wire
 */
public record CorpusFile(String name, List<String> facts, byte[] bytes) {

    /** Up to this length a message is cut at every place; of a longer one both ends and a few places between. */
    private static final int CUT_EVERYWHERE = 600;

    /** Reads a folder of the test resources, in order of the names. */
    public static List<CorpusFile> all(String folder) {
        try {
            URI uri = Objects.requireNonNull(CorpusFile.class.getResource("/" + folder), folder).toURI();
            if (!uri.getScheme().equals("jar")) {
                return all(Path.of(uri));
            }
            try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
                return all(jar.getPath("/" + folder));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<CorpusFile> all(Path folder) throws IOException {
        try (var paths = Files.list(folder)) {
            return paths.sorted().map(CorpusFile::read).toList();
        }
    }

    private static CorpusFile read(Path path) {
        try {
            List<String> lines = Files.readAllLines(path);
            int rule = lines.indexOf("---");
            return new CorpusFile(
                    path.getFileName().toString(), lines.subList(0, rule),
                    WireNotation.bytes(lines.subList(rule + 1, lines.size())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The values of all facts of a name. */
    public List<String> facts(String name) {
        String start = name + ": ";
        return facts.stream().filter(f -> f.startsWith(start)).map(f -> f.substring(start.length())).toList();
    }

    /** The value of the one fact of a name. */
    public String fact(String name) {
        List<String> values = facts(name);
        if (values.size() != 1) {
            throw new IllegalStateException(this.name + " has " + values.size() + " times " + name);
        }
        return values.getFirst();
    }

    /** The value of a fact that may be missing. */
    public String fact(String name, String otherwise) {
        return facts(name).isEmpty() ? otherwise : fact(name);
    }

    /** The places at which a test cuts the message in two: all of a short one. */
    public List<Integer> cuts() {
        var cuts = new TreeSet<Integer>();
        var random = new SplittableRandom(bytes.length);
        for (int at = 1; at < bytes.length; at++) {
            if (bytes.length <= CUT_EVERYWHERE || at < 60 || at > bytes.length - 60) {
                cuts.add(at);
            }
        }
        for (int i = 0; i < 20 && bytes.length > CUT_EVERYWHERE; i++) {
            cuts.add(random.nextInt(1, bytes.length));
        }
        return new ArrayList<>(cuts);
    }

    @Override
    public String toString() {
        return name;
    }
}
