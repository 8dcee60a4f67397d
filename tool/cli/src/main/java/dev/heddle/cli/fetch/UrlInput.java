package dev.heddle.cli.fetch;

import dev.heddle.cli.command.ErrorText;
import dev.heddle.cli.command.FailureException;
import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.command.Lines;
import dev.heddle.cli.command.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The URLs to fetch, in order: those of the command line, then those of the list, read only as far as they are needed.
 *
 * <p>A read from a pipe or a terminal can block for ever and cannot be interrupted, so it is done by a daemon thread
 * that nobody waits for at the end. Blank lines of the list and those that begin with {@code #} are no URLs.
 *
 * <p>Threads: one task calls {@link #next()}; {@link #expected()} may be called by any.
 */
final class UrlInput {

    /** How many portions are read ahead, each of at most 64 KiB. */
    private static final int PORTIONS_AHEAD = 4;

    private final int given;

    /** Whether the current ones are the list's, which has blank lines and comments. */
    private boolean isList;

    private Iterator<String> current;
    private final @Nullable BlockingQueue<Portion> portions;
    private boolean last;

    private volatile long listed;

    /** What the reader hands over. */
    private record Portion(List<String> lines, boolean last, @Nullable IOException failure) {}

    private UrlInput(List<String> urls, @Nullable BlockingQueue<Portion> portions) {
        this.given = urls.size();
        this.current = urls.iterator();
        this.portions = portions;
        this.last = portions == null;
    }

    /** Only the URLs of the command line. */
    static UrlInput of(List<String> urls) {
        return new UrlInput(urls, null);
    }

    /**
     * URLs of the command line, then those of a list.
     *
     * @param list a file, or {@code -} for the standard input
     * @throws UsageException if the list cannot be opened
     */
    static UrlInput of(List<String> urls, String list, InputStream stdin) {
        BlockingQueue<Portion> portions = new ArrayBlockingQueue<>(PORTIONS_AHEAD);
        var input = new UrlInput(urls, portions);
        boolean isStdin = list.equals("-");
        InputStream in = isStdin ? stdin : open(list);
        Thread.ofPlatform().daemon().name("read " + list).start(() -> {
            if (!isStdin) {
                input.countLines(Path.of(list));
            }
            read(in, portions);
        });
        return input;
    }

    private static InputStream open(String list) {
        try {
            Path path = Path.of(list);
            if (Files.isDirectory(path)) {
                throw new UsageException("cannot read the list " + HumanFormat.printable(list) + ": it is a directory");
            }
            return Files.newInputStream(path);
        } catch (IOException | IllegalArgumentException e) {
            throw new UsageException("cannot read the list " + HumanFormat.printable(list) + ": " + ErrorText.of(e));
        }
    }

    /** How many URLs there will be, as far as is known now: an estimate for the progress bar; 0 if nobody knows. */
    long expected() {
        return portions == null ? given : listed == 0 ? 0 : given + listed;
    }

    /**
     * The next URL as it was written; empty at the end. Waits for the reader.
     *
     * <p>Cancellation: nothing is taken.
     *
     * @throws FailureException if the list cannot be read on
     */
    Optional<String> next() throws InterruptedException {
        while (true) {
            while (current.hasNext()) {
                String line = current.next().strip();
                if (!isList || (!line.isEmpty() && line.charAt(0) != '#')) {
                    return Optional.of(line);
                }
            }
            if (last || portions == null) {
                return Optional.empty();
            }
            Portion portion = portions.take();
            isList = true;
            current = portion.lines().iterator();
            last = portion.last();
            if (portion.failure() != null) {
                throw new FailureException("cannot read the list on: " + ErrorText.of(portion.failure()),
                        portion.failure());
            }
        }
    }

    private static void read(InputStream in, BlockingQueue<Portion> portions) {
        try {
            try (in) {
                var lines = new Lines(in);
                while (!lines.ended()) {
                    List<String> some = lines.next();
                    if (!some.isEmpty()) {
                        portions.put(new Portion(some, false, null));
                    }
                }
                portions.put(new Portion(List.of(), true, null));
            } catch (IOException e) {
                portions.put(new Portion(List.of(), true, e));
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** A pipe cannot be read twice, and a file that changes is no harm: the number only scales the bar. */
    private void countLines(Path path) {
        if (!Files.isRegularFile(path)) {
            return;
        }
        try (InputStream in = Files.newInputStream(path)) {
            byte[] chunk = new byte[64 * 1024];
            long lines = 0;
            byte previous = '\n';
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                for (int i = 0; i < count; i++) {
                    if (previous == '\n' && chunk[i] != '\n') {
                        lines++;
                    }
                    previous = chunk[i];
                }
            }
            listed = lines;
        } catch (IOException unknown) {
            // The reader meets the same failure and tells it.
        }
    }
}
