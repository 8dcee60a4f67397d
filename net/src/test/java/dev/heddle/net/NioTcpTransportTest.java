package dev.heddle.net;

import dev.heddle.Action;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.engine.NioEngine;

final class NioTcpTransportTest extends TransportContract {

    @Override
    protected void run(Action body) {
        Heddle.run(Config.DEFAULT.withEngine(NioEngine::new), body);
    }

    @Override
    protected Ends connect() {
        try (Listener listener = Tcp.listen(0)) {
            ByteStream left = Tcp.connect("127.0.0.1", listener.port());
            return new Ends(left.transport(), listener.accept().transport());
        }
    }
}
