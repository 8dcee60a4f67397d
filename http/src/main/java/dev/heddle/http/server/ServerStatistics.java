package dev.heddle.http.server;

import java.util.List;

/**
 * The statistics of a server so far, on all its loops together; see {@link HttpServer#statistics}. While it serves on
 * other loops the counts may be a moment apart from each other.
 *
 * @param connections connections that are open now
 * @param accepted connections since the start
 * @param inFlight requests whose response is not sent yet
 * @param requests requests since the start, those that could not be read included
 * @param successes responses of status 2xx
 * @param redirections responses of status 3xx
 * @param clientErrors responses of status 4xx
 * @param serverErrors responses of status 5xx
 * @param unanswered requests that ended without a response: the peer had gone, or the handler was cancelled
 */
public record ServerStatistics(
        long connections,
        long accepted,
        long inFlight,
        long requests,
        long successes,
        long redirections,
        long clientErrors,
        long serverErrors,
        long unanswered) {

    static final ServerStatistics NONE = of(List.of());

    static ServerStatistics of(List<ServerMeter> meters) {
        long[] sum = new long[ServerMeter.COUNTS];
        for (ServerMeter meter : meters) {
            meter.addTo(sum);
        }
        return new ServerStatistics(
                sum[ServerMeter.ACCEPTED] - sum[ServerMeter.CLOSED], sum[ServerMeter.ACCEPTED],
                sum[ServerMeter.BEGUN] - sum[ServerMeter.ENDED], sum[ServerMeter.BEGUN], sum[ServerMeter.STATUS + 2],
                sum[ServerMeter.STATUS + 3], sum[ServerMeter.STATUS + 4], sum[ServerMeter.STATUS + 5],
                sum[ServerMeter.STATUS]);
    }
}
