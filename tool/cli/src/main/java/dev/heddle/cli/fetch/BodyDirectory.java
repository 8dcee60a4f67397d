package dev.heddle.cli.fetch;

import dev.heddle.cli.command.ErrorText;
import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.command.UsageException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The directory in which bodies are saved, each in a file of its own.
 *
 * <p>A name is the place of the URL in the input and a few harmless characters of the URL, {@code
 * 000042-host_page.html}: no two are equal, whatever the URLs and the file system, and none leaves the directory. A
 * body is written under a hidden temporary name and renamed when it is whole, so a file with its final name is never
 * half a body. A file of an earlier run with the same name is replaced.
 *
 * <p>Threads: worker threads; all methods block.
 */
final class BodyDirectory {

    private static final int MAX_NAME = 100;

    private final Path directory;

    private BodyDirectory(Path directory) {
        this.directory = directory;
    }

    /**
     * Opens the directory, and makes it if it is not there.
     *
     * @throws UsageException if that cannot be, or nothing can be written there
     */
    static BodyDirectory open(Path directory) {
        try {
            Files.createDirectories(directory);
            if (!Files.isWritable(directory)) {
                throw new UsageException(
                        "cannot save in " + HumanFormat.printable(directory.toString()) + ": permission denied");
            }
            return new BodyDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            throw new UsageException(
                    "cannot save in " + HumanFormat.printable(directory.toString()) + ": it is a file");
        } catch (IOException e) {
            throw new UsageException(
                    "cannot save in " + HumanFormat.printable(directory.toString()) + ": " + ErrorText.of(e));
        }
    }

    /** The file name for a URL. */
    static String name(long index, URI url) {
        var name = new StringBuilder(String.format(Locale.ROOT, "%06d-", index + 1));
        String path = url.getRawPath() == null || url.getRawPath().equals("/") ? "" : url.getRawPath();
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        String text = url.getRawAuthority() + path;
        // The end of the path tells files apart and carries the extension.
        int from = Math.max(0, text.length() - MAX_NAME);
        harmless(name, text.substring(from));
        harmless(name, query.substring(0, Math.min(query.length(), MAX_NAME)));
        return name.toString();
    }

    private static void harmless(StringBuilder name, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            name.append(isHarmless(c) ? c : '_');
        }
    }

    private static boolean isHarmless(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    }

    /** A body that is being saved under this name. */
    SavedBody begin(String name) {
        return new SavedBody(directory.resolve(name), directory.resolve("." + name + ".part"),
                directory.resolve("." + name + ".note"));
    }
}
