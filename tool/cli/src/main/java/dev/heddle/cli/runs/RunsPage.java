package dev.heddle.cli.runs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A page that keeps runs and compares them: one file of HTML that loads nothing and runs no script. The runs stand in
 * it as JSON too, and are read from there when one is added.
 *
 * <p>It is written beside its place, as {@code .NAME.part}, and moved there when it is whole: whoever looks sees the
 * old page or the new one, and of two runs that end at once neither is lost.
 *
 * <p>Threads: platform threads, one at a time; all methods block.
 */
public final class RunsPage {

    /** Most runs of a page. */
    public static final int MAX_RUNS = 50;

    /** A longer page was not written here. */
    private static final int MAX_BYTES = 32 << 20;

    /** How often it looks whether another run has written its page. */
    private static final int WAITS = 50;

    private static final long WAIT_MILLIS = 100;

    private final Path file;
    private final int waits;

    public RunsPage(Path file) {
        this(file, WAITS);
    }

    RunsPage(Path file, int waits) {
        this.file = file;
        this.waits = waits;
    }

    /**
     * Reads what it has.
     *
     * @return no runs if there is no page yet
     * @throws IOException if the file cannot be read, is none of these pages, or has no room for another run
     */
    public List<LoadRun> runs() throws IOException {
        if (Files.notExists(file)) {
            Path parent = file.toAbsolutePath().getParent();
            if (parent == null || !Files.isDirectory(parent)) {
                throw new IOException(file + ": there is no such directory");
            }
            return List.of();
        }
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + " is no file");
        }
        List<LoadRun> runs = parsed();
        if (runs.size() == MAX_RUNS) {
            throw new IOException(file + " has " + MAX_RUNS + " runs, which is the most; give another file");
        }
        return runs;
    }

    private List<LoadRun> parsed() throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES);
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        int begin = text.lastIndexOf(RunsHtml.DATA_BEGIN);
        int end = text.lastIndexOf(RunsHtml.DATA_END);
        if (begin >= 0 && end > begin) {
            try {
                return LoadRunJson.read(text.substring(begin + RunsHtml.DATA_BEGIN.length(), end), MAX_RUNS);
            } catch (IllegalArgumentException e) {
                // Then it is something else, which must not be lost.
            }
        }
        throw new IOException(file + " is no page of heddle bench; give another file, or remove it");
    }

    /**
     * Adds a run behind those that are there.
     *
     * @param run one without a name gets its number
     * @return how many it has now
     * @throws IOException if it cannot be written, or {@link #runs} says so; the page stays as it was
     */
    public int add(LoadRun run) throws IOException {
        Path place = Files.exists(file) ? file.toRealPath() : file;
        Path part = place.resolveSibling("." + place.getFileName() + ".part");
        claim(part);
        try {
            List<LoadRun> runs = new ArrayList<>(runs());
            runs.add(run.name().isEmpty() ? run.withName("run " + (runs.size() + 1)) : run);
            Files.writeString(part, RunsHtml.of(runs), StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            Files.move(part, place, StandardCopyOption.REPLACE_EXISTING);
            return runs.size();
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(part);
            throw e;
        }
    }

    /** Makes the part, which only one can. */
    private void claim(Path part) throws IOException {
        for (int i = 0;; i++) {
            try {
                Files.createFile(part);
                return;
            } catch (FileAlreadyExistsException e) {
                if (i == waits) {
                    throw new IOException(part + " is in the way: another run is writing the page, or has died there; "
                            + "if none is, remove it", e);
                }
            }
            try {
                Thread.sleep(WAIT_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while another run was writing " + file, e);
            }
        }
    }
}
