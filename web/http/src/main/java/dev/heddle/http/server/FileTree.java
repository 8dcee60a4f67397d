package dev.heddle.http.server;

import dev.heddle.http.internal.middleware.Precompressed;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files below one directory, found so that no symbolic link is ever followed on the way, not even one that is put
 * there between a check and an opening.
 *
 * <p>Each directory is opened relative to the one above it and each file relative to its directory, with links refused
 * by the system ({@code openat} with {@code O_NOFOLLOW}). Where the platform has no such calls, the path is checked
 * link by link before the opening and resolved after it, which leaves that race to whoever may write below the root.
 *
 * <p>All methods block; they are for worker threads.
 *
 * @param secure false to do without the platform's relative calls
 */
record FileTree(Path root, FileOptions options, boolean secure) {

    /** What a path leads to. */
    sealed interface Found {}

    /**
     * A regular file, open.
     *
     * @param coding of its content, if a compressed file stands in for it; else empty
     */
    record FoundFile(OpenFile file, String coding) implements Found {}

    /** A directory, when a file was asked for. */
    record FoundDirectory() implements Found {}

    /**
     * What is in a directory.
     *
     * @param names sorted; those of directories end in a slash
     * @param cut whether there are more
     */
    record FoundNames(List<String> names, boolean cut) implements Found {}

    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

    FileTree(Path root, FileOptions options) {
        this(root, options, true);
    }

    /**
     * Follows a path.
     *
     * @param segments names, each of one segment; the last may be empty for a directory
     * @param codings that a file may have in place of none, best first
     * @return what is there; null if nothing is, or nothing to be shown
     * @throws IOException if something on the way cannot be opened
     */
    @Nullable Found find(List<String> segments, List<Precompressed> codings) throws IOException {
        List<String> directories = segments.subList(0, segments.size() - 1);
        String last = segments.getLast();
        Directory directory = Directory.open(root, secure);
        try {
            for (String name : directories) {
                Directory below = directory.directory(name);
                directory.close();
                directory = below;
            }
            return last.isEmpty() ? index(directory, codings) : file(directory, last, codings);
        } finally {
            directory.close();
        }
    }

    private @Nullable Found index(Directory directory, List<Precompressed> codings) throws IOException {
        try {
            if (file(directory, options.index(), codings) instanceof FoundFile index) {
                return index;
            }
        } catch (NoSuchFileException e) {
            // A directory need not have one.
        }
        return options.listing() ? list(directory) : null;
    }

    private static @Nullable Found file(Directory directory, String name, List<Precompressed> codings)
            throws IOException {
        BasicFileAttributes attributes = directory.attributes(name);
        if (attributes.isDirectory()) {
            return new FoundDirectory();
        }
        // Before opening: opening a FIFO waits for its other end, opening a device may do anything.
        if (!attributes.isRegularFile()) {
            return null;
        }
        for (Precompressed coding : codings) {
            String sibling = name + coding.suffix();
            BasicFileAttributes beside = attributesIfThere(directory, sibling);
            // An older one was made of another content.
            if (beside != null && beside.isRegularFile()
                    && beside.lastModifiedTime().compareTo(attributes.lastModifiedTime()) >= 0) {
                return new FoundFile(open(directory, sibling, beside), coding.coding());
            }
        }
        return new FoundFile(open(directory, name, attributes), "");
    }

    private static @Nullable BasicFileAttributes attributesIfThere(Directory directory, String name)
            throws IOException {
        try {
            return directory.attributes(name);
        } catch (NoSuchFileException | InvalidPathException e) {
            return null; // or a name that the locale's characters cannot say
        }
    }

    private static OpenFile open(Directory directory, String name, BasicFileAttributes attributes) throws IOException {
        return OpenFile.take(name, directory.file(name), attributes.lastModifiedTime().toInstant());
    }

    private FoundNames list(Directory directory) throws IOException {
        var names = new ArrayList<String>();
        boolean cut = false;
        try {
            for (Path path : directory.entries()) {
                String name = path.getFileName().toString();
                if (!StaticFiles.isShown(name, options)) {
                    continue;
                }
                // It may be gone by now, as files of programs at work are.
                BasicFileAttributes attributes = attributesIfThere(directory, name);
                if (attributes == null || (!attributes.isDirectory() && !attributes.isRegularFile())) {
                    continue;
                }
                if (names.size() == options.maxListed()) {
                    cut = true;
                    break;
                }
                names.add(attributes.isDirectory() ? name + "/" : name);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        names.sort(null);
        return new FoundNames(names, cut);
    }

    /** One open directory, by the platform's relative calls or, without those, by its path. */
    private record Directory(DirectoryStream<Path> stream, Path path, Path root) implements AutoCloseable {

        @SuppressWarnings("StreamResourceLeak") // the directory closes it
        static Directory open(Path root, boolean secure) throws IOException {
            DirectoryStream<Path> stream = Files.newDirectoryStream(root);
            if (secure || !(stream instanceof SecureDirectoryStream)) {
                return new Directory(stream, root, root);
            }
            return new Directory(new PathOnlyStream(stream), root, root);
        }

        @SuppressWarnings("StreamResourceLeak") // the directory closes it
        Directory directory(String name) throws IOException {
            // Before opening: a FIFO would wait for its other end, and for a file the JDK's call leaks a descriptor and
            // closes another one twice.
            if (!attributes(name).isDirectory()) {
                throw new NotDirectoryException(name);
            }
            if (stream instanceof SecureDirectoryStream<Path> here) {
                return new Directory(
                        here.newDirectoryStream(Path.of(name), LinkOption.NOFOLLOW_LINKS), path.resolve(name), root);
            }
            Path below = path.resolve(name);
            var opened = new Directory(new PathOnlyStream(Files.newDirectoryStream(below)), below, root);
            checkInside(below, opened.stream);
            return opened;
        }

        BasicFileAttributes attributes(String name) throws IOException {
            Path relative = Path.of(name);
            if (stream instanceof SecureDirectoryStream<Path> here) {
                return here.getFileAttributeView(relative, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                        .readAttributes();
            }
            return Files.readAttributes(path.resolve(name), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        }

        SeekableByteChannel file(String name) throws IOException {
            if (stream instanceof SecureDirectoryStream<Path> here) {
                return here.newByteChannel(Path.of(name), READ);
            }
            SeekableByteChannel opened = Files.newByteChannel(path.resolve(name), READ);
            checkInside(path.resolve(name), opened);
            return opened;
        }

        private void checkInside(Path opened, Closeable toClose) throws IOException {
            if (!opened.toRealPath().equals(root.toRealPath().resolve(root.relativize(opened)))) {
                toClose.close();
                throw new NoSuchFileException(opened.toString());
            }
        }

        DirectoryStream<Path> entries() {
            return stream;
        }

        @Override
        public void close() throws IOException {
            stream.close();
        }
    }

    /** A directory stream that hides the relative calls of the one under it. */
    private record PathOnlyStream(DirectoryStream<Path> stream) implements DirectoryStream<Path> {

        @Override
        public Iterator<Path> iterator() {
            return stream.iterator();
        }

        @Override
        public void close() throws IOException {
            stream.close();
        }
    }
}
