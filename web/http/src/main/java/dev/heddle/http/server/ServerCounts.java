package dev.heddle.http.server;

import dev.heddle.http.internal.server.ServerMeter;
import dev.heddle.internal.sight.Counter;
import java.util.List;

/** The statistics of a server at one moment. */
record ServerCounts(long connections, @Counter long accepted, long inFlight, @Counter long requests,
        @Counter long successes, @Counter long redirections,
        @Counter long clientErrors, @Counter long serverErrors, @Counter long unanswered) implements ServerStatistics {

    static final ServerCounts NONE = of(List.of());

    /** The counts of all loops together. */
    static ServerCounts of(List<ServerMeter> meters) {
        long[] sum = new long[ServerMeter.COUNTS];
        for (ServerMeter meter : meters) {
            meter.addTo(sum);
        }
        return new ServerCounts(
                sum[ServerMeter.ACCEPTED] - sum[ServerMeter.CLOSED], sum[ServerMeter.ACCEPTED],
                sum[ServerMeter.BEGUN] - sum[ServerMeter.ENDED], sum[ServerMeter.BEGUN], sum[ServerMeter.STATUS + 2],
                sum[ServerMeter.STATUS + 3], sum[ServerMeter.STATUS + 4], sum[ServerMeter.STATUS + 5],
                sum[ServerMeter.STATUS]);
    }
}
