package dev.heddle.bench;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;

/**
 * A client that fetches many pages at once by OkHttp: blocking calls in virtual threads, and a pool that keeps a connection for each.
 */
final class OkHttpFetch {

    private static final int KEEP_MINUTES = 5;

    private OkHttpFetch() {}

    /**
     * Gives the total of the bytes of all bodies.
     *
     * @param protocol the one that is spoken
     */
    static long fetch(List<String> urls, int atOnce, Protocol protocol) throws Exception {
        var pool = new ConnectionPool(atOnce, KEEP_MINUTES, TimeUnit.MINUTES);
        OkHttpClient http = new OkHttpClient.Builder()
                .connectionPool(pool)
                .protocols(List.of(protocol))
                .build();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            return JdkFetch.total(urls, atOnce, threads, url -> {
                try (Response response = http.newCall(new Request.Builder().url(url).build()).execute()) {
                    return response.body().bytes().length;
                }
            });
        } finally {
            pool.evictAll();
        }
    }
}
