package dev.heddle.cluster.etcd;

import dev.heddle.cluster.store.StoreAddress;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.cluster.store.StoreProvider;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.TlsIdentity;
import dev.heddle.tls.TlsTrust;
import java.util.List;

/** The etcd servers, by addresses like {@code https://etcd1:2379,https://etcd2:2379}. */
public final class EtcdStoreProvider implements StoreProvider {

    /** For {@link java.util.ServiceLoader}. */
    public EtcdStoreProvider() {}

    @Override
    public List<String> prefixes() {
        return List.of("http://", "https://");
    }

    @Override
    public StoreEngine at(StoreAddress address) {
        EtcdStore etcd = EtcdStore.at(address.text().split(",", -1));
        if (address.trust().isPresent() || address.certificate().isPresent()) {
            if (address.text().startsWith("http://") || address.text().contains(",http://")) {
                throw new IllegalArgumentException("certificates are for https:// servers; http:// has no TLS");
            }
            ClientTls tls = ClientTls.DEFAULT;
            if (address.trust().isPresent()) {
                tls = tls.withTrust(TlsTrust.pem(address.trust().get()));
            }
            if (address.certificate().isPresent()) {
                tls = tls.withIdentity(TlsIdentity.pem(address.certificate().get(), address.key().orElseThrow()));
            }
            etcd = etcd.withTls(tls);
        }
        if (address.user().isEmpty()) {
            return etcd;
        }
        return etcd.withUser(address.user().get(), address.password()
                .orElseThrow(() -> new IllegalArgumentException("a user of etcd has a password")));
    }
}
