package dev.heddle.http.server;

import dev.heddle.Heddle;
import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.codec.RouteTemplate;
import dev.heddle.http.internal.middleware.DirectoryPage;
import dev.heddle.http.internal.middleware.Precompressed;
import dev.heddle.http.internal.syntax.ContentTypes;
import dev.heddle.http.internal.syntax.PathSegments;
import dev.heddle.http.internal.syntax.Quality;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The handler of the files below a directory.
 *
 * <p>Whether a name may be asked for is decided by the name alone, before the file system is looked at; what may not be
 * asked for and what is not there get the same answer, so nobody learns what exists outside.
 */
final class StaticFiles implements Handler {

    private final int prefixSegments;
    private final FileTree tree;
    private final FileOptions options;

    /**
     * @param prefix the path that stands for the directory, without a slash at the end
     */
    StaticFiles(String prefix, Path directory, FileOptions options) {
        this.prefixSegments = prefix.isEmpty() ? 0 : RouteTemplate.parse(prefix).segments().size();
        this.tree = new FileTree(directory, options);
        this.options = options;
    }

    @Override
    public Response handle(Request request) {
        List<Precompressed> codings = codings(request);
        RecentFiles recent = RecentFiles.of(this);
        RecentFiles.Known known = recent == null ? null : recent.known(request.head().target().path());
        if (known != null) {
            FileTree.FoundFile file = known.read(codings);
            if (file != null) {
                return answer(request, known.name(), file);
            }
        }
        return look(request, codings, recent);
    }

    private Response look(Request request, List<Precompressed> codings, @Nullable RecentFiles recent) {
        List<String> all = PathSegments.of(request.head().target().path());
        if (all == null || all.size() < prefixSegments) {
            return absent(request);
        }
        List<String> segments = all.subList(prefixSegments, all.size());
        if (segments.isEmpty()) {
            return Response.redirect(301, withQuery(request.head().target().path() + "/", request));
        }
        if (!areServable(segments)) {
            return absent(request);
        }
        FileTree.Found found = recent == null
                ? Heddle.offload(() -> find(segments, codings))
                : findAndKeep(request.head().target().path(), segments, codings, recent);
        return switch (found) {
            case null -> absent(request);
            case FileTree.FoundFile file -> answer(request, segments, file);
            case FileTree.FoundDirectory directory ->
                Response.redirect(301, withQuery(request.head().target().path() + "/", request));
            case FileTree.FoundNames names -> Response.html(
                    DirectoryPage.of(request.path(), names.names(), names.cut()))
                    .withHeader("X-Content-Type-Options", "nosniff")
                    .withHeader("Content-Security-Policy", "default-src 'none'");
        };
    }

    private List<Precompressed> codings(Request request) {
        return options.precompressed() ? Precompressed.acceptedBy(request.headers()) : List.of();
    }

    private FileTree.@Nullable Found findAndKeep(String asked, List<String> segments, List<Precompressed> codings,
            RecentFiles recent) {
        return recent.keeping(asked, Heddle.offload(() -> {
            FileTree.Found found = find(segments, codings);
            return new RecentFiles.Looked(found, found instanceof FileTree.FoundFile
                    ? recent.tryable(tree.root(), segments, name(segments))
                    : null);
        }));
    }

    /** Of the file that a path leads to. */
    private String name(List<String> segments) {
        return segments.getLast().isEmpty() ? options.index() : segments.getLast();
    }

    private FileTree.@Nullable Found find(List<String> segments, List<Precompressed> codings) throws Exception {
        try {
            return tree.find(segments, codings);
        } catch (IOException | InvalidPathException e) {
            Exception refusal = OpenFile.refusal(e);
            if (refusal instanceof StatusException absent && absent.status() == 404) {
                return null;
            }
            throw refusal;
        }
    }

    private Response answer(Request request, List<String> segments, FileTree.FoundFile found) {
        return answer(request, name(segments), found);
    }

    private Response answer(Request request, String name, FileTree.FoundFile found) {
        Response response = described(request, name, found);
        return options.cacheControl().isEmpty() || response.status() >= 400
                ? response
                : response.withHeader("Cache-Control", options.cacheControl());
    }

    private Response described(Request request, String name, FileTree.FoundFile found) {
        try {
            String type = ContentTypes.of(name, options.contentTypes());
            Response response = FileResponses.conditional(request, found.file(), type, found.coding());
            return options.precompressed() ? response.withAddedHeader("Vary", "Accept-Encoding") : response;
        } catch (RuntimeException e) {
            found.file().close();
            throw e;
        }
    }

    /** The answer for all that is not there or not to be seen. */
    private Response absent(Request request) {
        if (options.fallback().isEmpty()) {
            return Router.NOT_FOUND;
        }
        // One address, two answers: a cache must know.
        if (!acceptsHtml(request.headers())) {
            return Router.NOT_FOUND.withAddedHeader("Vary", "Accept");
        }
        List<Precompressed> codings = codings(request);
        if (Heddle.offload(() -> find(List.of(options.fallback()), codings)) instanceof FileTree.FoundFile found) {
            return answer(request, options.fallback(), found).withHeader("Cache-Control", "no-cache")
                    .withAddedHeader("Vary", "Accept");
        }
        return Router.NOT_FOUND;
    }

    /** Whether HTML is named: a star is what scripts send that want anything but a page. */
    private static boolean acceptsHtml(Headers asked) {
        for (String field : asked.all("Accept")) {
            for (String element : field.split(",", -1)) {
                String[] parts = element.split(";", 2);
                if (parts[0].strip().equalsIgnoreCase("text/html")) {
                    return Quality.of(parts.length == 1 ? "" : parts[1]) > 0;
                }
            }
        }
        return false;
    }

    /** Only the last segment may be empty, and a name must be one plain name on every platform. */
    private boolean areServable(List<String> segments) {
        for (int i = 0; i < segments.size(); i++) {
            String name = segments.get(i);
            boolean directory = name.isEmpty() && i == segments.size() - 1;
            if (!directory && !isShown(name, options)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a name may be asked for: no separators, drives or streams of any system, no hidden file, no control. */
    static boolean isShown(String name, FileOptions options) {
        if (name.isEmpty() || name.indexOf('/') >= 0 || name.indexOf('\\') >= 0 || name.indexOf(':') >= 0
                || name.chars().anyMatch(Character::isISOControl)) {
            return false;
        }
        return name.charAt(0) != '.' || options.dotFiles() || name.equals(".well-known");
    }

    private static String withQuery(String path, Request request) {
        return request.queryString().map(query -> path + "?" + query).orElse(path);
    }
}
