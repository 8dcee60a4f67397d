package dev.heddle.http.client;

import dev.heddle.http.client.CallDeadline.Phase;

/** The link that waits for the host's turn, if the client has a throttle, and gives it back with the reply's end. */
record ThrottleFilter(CallFilter inner) implements CallFilter {

    @Override
    public Reply send(RequestHop hop, CallContext call) {
        PerHostLimiter throttle = call.client().throttle();
        return throttle == null ? inner.send(hop, call) : throttled(hop, call, throttle);
    }

    private Reply throttled(RequestHop hop, CallContext call, PerHostLimiter throttle) {
        PerHostLimiter.Place place = call.deadline()
                .within(Phase.TURN, hop, scope -> throttle.enter(hop.url().origin().host()));
        boolean replied = false;
        try {
            Reply reply = inner.send(hop, call).holding(place);
            replied = true;
            return reply;
        } finally {
            if (!replied) {
                place.close();
            }
        }
    }
}
