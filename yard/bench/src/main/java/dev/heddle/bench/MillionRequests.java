package dev.heddle.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A million requests by h2load through the gateway, over HTTP/1.1 and over HTTP/2 without TLS, in front of nginx, which is
 * asked by HTTP/1.1. No measurement: each request has to be answered, with a status of success and the whole page.
 */
final class MillionRequests {

    static final int MILLION = 1_000_000;

    /** What it cannot do without. */
    static final List<Need> NEEDS = List.of(
            Need.program("taskset"), Need.secondProcessor("for the load"), Need.program("nginx"), H2Load.NEED);

    private static final String ENGINE_OF_THE_MACHINE = "";

    private static final List<Way> WAYS = List.of(
            new Way("HTTP/1.1, 64 connections", List.of("--h1", "-c", "64")),
            new Way("HTTP/2, 16 connections of 16 streams", List.of("-c", "16", "-m", "16")));

    /** How h2load asks. */
    private record Way(String words, List<String> options) {}

    private MillionRequests() {}

    /**
     * Sends so many requests in each way, and tells what has come of them, a line for each.
     *
     * @throws IllegalStateException if one was not answered by the whole page, or h2load fails
     */
    static List<String> run(int requests) {
        List<String> told = new ArrayList<>();
        Nginx behind = Nginx.startUpstream();
        try (SiteProcess gateway = SiteProcess.ofOurs(
                "gateway", ENGINE_OF_THE_MACHINE, FrontMain.class, behind.address(), behind)) {
            for (Way way : WAYS) {
                List<String> options = Stream.of(way.options, List.of("-n", "" + requests, gateway.url(Site.KIB_PATH)))
                        .flatMap(List::stream).toList();
                H2Load load = H2Load.run(Wrk.PIN, options);
                if (load.requests() != requests || load.bodyBytes() != (long) requests * Site.KIB_BYTES) {
                    throw new IllegalStateException(way.words + ": not " + requests + " whole pages but " + load);
                }
                told.add("%s: %,d requests, each answered with 2xx; %,d bytes of bodies, none missing; engine %s"
                        .formatted(way.words, load.requests(), load.bodyBytes(), gateway.engine()));
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalStateException("the gateway failed under load", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return told;
    }
}
