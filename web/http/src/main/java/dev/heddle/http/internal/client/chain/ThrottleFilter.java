package dev.heddle.http.internal.client.chain;

import dev.heddle.http.internal.client.body.HoldingBody;
import dev.heddle.http.internal.client.body.ReplyBody;
import dev.heddle.http.internal.client.call.CallDeadline.Phase;
import dev.heddle.http.internal.client.call.HostTurns;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.client.connection.CallContext;

/** The link that waits for the host's turn, if the client has a throttle, and gives it back with the reply's end. */
record ThrottleFilter(CallFilter inner) implements CallFilter {

    @Override
    public ReplyBody send(RequestHop hop, CallContext call) {
        HostTurns throttle = call.client().throttle();
        return throttle == null ? inner.send(hop, call) : throttled(hop, call, throttle);
    }

    private ReplyBody throttled(RequestHop hop, CallContext call, HostTurns throttle) {
        String host = hop.url().origin().host();
        HostTurns.Turn turn = call.deadline().within(Phase.TURN, hop, scope -> {
            HostTurns.Turn entered = null;
            try {
                entered = throttle.enter(host);
                return entered;
            } finally {
                if (entered == null && scope.hasExpired()) {
                    call.deadline().because(throttle.use(host));
                }
            }
        });
        boolean replied = false;
        try {
            ReplyBody reply = HoldingBody.of(inner.send(hop, call), turn);
            replied = true;
            return reply;
        } finally {
            if (!replied) {
                turn.close();
            }
        }
    }
}
