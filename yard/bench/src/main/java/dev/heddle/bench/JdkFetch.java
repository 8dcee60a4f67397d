package dev.heddle.bench;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** A client that fetches many pages at once as one does with the JDK alone: a virtual thread for each, a semaphore to bound them. */
final class JdkFetch {

    /** Fetches one page. */
    interface Page {

        /** Gives the length of the body. */
        int length(String url) throws Exception;
    }

    private JdkFetch() {}

    /** Takes the name of a file of URLs; the program to which the command line of Heddle is compared. */
    public static void main(String[] args) throws Exception {
        System.out.println(fetch(Files.readAllLines(Path.of(args[0])), 100) + " bytes");
    }

    /** Gives the total of the bytes of all bodies. */
    static long fetch(List<String> urls, int atOnce) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                HttpClient http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .executor(threads)
                        .build()) {
            return total(
                    urls,
                    atOnce,
                    threads,
                    url -> http.send(
                            HttpRequest.newBuilder(URI.create(url)).build(),
                            HttpResponse.BodyHandlers.ofByteArray())
                            .body().length);
        }
    }

    /** The total of the lengths of all pages, by so many threads at once. */
    static long total(List<String> urls, int atOnce, ExecutorService threads, Page page) throws Exception {
        Semaphore places = new Semaphore(atOnce);
        List<Future<Integer>> lengths = new ArrayList<>(urls.size());
        for (String url : urls) {
            lengths.add(threads.submit(() -> {
                places.acquire();
                try {
                    return page.length(url);
                } finally {
                    places.release();
                }
            }));
        }
        long bytes = 0;
        for (Future<Integer> length : lengths) {
            bytes += length.get();
        }
        return bytes;
    }
}
