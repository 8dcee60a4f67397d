package dev.heddle.http.gateway;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.http.WebSocket;
import dev.heddle.http.WebSocketMessage;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.ReplyStatusException;
import dev.heddle.http.client.WebSocketRequest;
import dev.heddle.http.gateway.DayLedger.End;
import dev.heddle.http.server.Request;
import dev.heddle.net.ConnectFailedException;
import dev.heddle.sim.SimRandom;
import java.time.Duration;
import java.util.Optional;

/**
 * WebSockets of a simulated day: who says something hears the same, in the order in which it was said, until one side or the way
 * between is lost.
 */
final class DaySockets {

    static final String PATH = "/socket/";
    private static final String SHORT = "short";
    private static final int MESSAGES = 8;
    private static final Duration PAUSE = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    private final DayLedger ledger;
    private final SimRandom random;
    private final boolean isShort;
    private int talks;

    /**
     * @param isShort whether no message is to be long
     */
    DaySockets(DayLedger ledger, SimRandom random, boolean isShort) {
        this.ledger = ledger;
        this.random = random;
        this.isShort = isShort;
    }

    private static String said(String talk, int number) {
        return (talk + " says " + number + " ").repeat(1 + (talk.startsWith(SHORT) ? number : number * number * 50));
    }

    /** The upstream's side: sends back what comes, which has to be what is said next. */
    static void echo(DayLedger ledger, Request request, WebSocket socket) {
        String talk = request.path("talk");
        int next = 0;
        for (WebSocketMessage message : socket) {
            if (!message.equals(new WebSocketMessage.Text(said(talk, next++)))) {
                ledger.wrong("another message at the upstream, " + next + " of " + talk);
            }
            socket.send(message);
        }
    }

    /** Talks once. */
    void talk(HttpClient http, boolean isCalm) {
        String talk = (isShort ? SHORT : "long") + "-talk-" + talks++;
        End[] end = {End.CLIENT_LEFT};
        if (!Heddle.moveOnAfter(PATIENCE, () -> {
            end[0] = talked(http, talk);
        })) {
            ledger.wrong(talk + " has waited for " + PATIENCE);
        }
        if (isCalm && end[0] != End.ANSWERED) {
            ledger.wrong("no success in calm weather of " + talk + ", but " + end[0]);
        }
        ledger.talked(end[0]);
    }

    private End talked(HttpClient http, String talk) {
        WebSocketRequest asked = http.webSocket("ws://gate" + PATH + talk);
        try (WebSocket socket = (ledger.setting().clients() ? asked.sharingConnection() : asked).connect()) {
            for (int i = 0; i < MESSAGES; i++) {
                socket.sendText(said(talk, i));
                Optional<WebSocketMessage> heard = socket.receive();
                if (heard.isEmpty()) {
                    return End.CUT;
                }
                if (!heard.get().equals(new WebSocketMessage.Text(said(talk, i)))) {
                    ledger.wrong("another message at the client, " + i + " of " + talk);
                }
                Heddle.sleep(random.upTo(PAUSE));
            }
            return End.ANSWERED;
        } catch (CancelledException e) {
            throw e;
        } catch (ReplyStatusException e) {
            if (e.status() < 502 || e.status() > 504) {
                ledger.wrong("the gateway answers the handshake of " + talk + " with " + e.status());
            }
            return End.REFUSED_BY_THE_GATEWAY;
        } catch (ConnectFailedException e) {
            return End.NOT_CONNECTED;
        } catch (HeddleException e) {
            return End.CUT;
        }
    }
}
