//! Reading a tenant: whole lists page by page, and single applications and APIs with what belongs to them.

use super::{Auth0, CLIENT, GRANT, SERVER, map::text};
use crate::remote::http::{RemoteError, Stop, encoded};
use crate::remote::object::{Object, PageSink};
use serde_json::Value;
use tokio::sync::Mutex;

/// So many of a list at once: what the prose of the description allows everywhere.
const PAGE: usize = 50;
/// The same for lists with checkpoints.
const CHECKPOINT_PAGE: usize = 100;

impl Auth0 {
    /// Reads everything that makes up the registry, a page at a time.
    pub(in crate::remote) async fn pull(
        &self,
        sink: &mut dyn PageSink,
        stop: &Stop,
    ) -> Result<(), RemoteError> {
        self.sign_in(stop).await?;
        let sink = Mutex::new(sink);
        // The three lists at once: within a list each page names the next.
        tokio::try_join!(
            self.numbered(SERVER, "resource-servers", "resource_servers", &sink, stop),
            self.checkpoints(CLIENT, "clients", "client_id", &sink, stop),
            self.checkpoints(GRANT, "client-grants", "id", &sink, stop),
        )?;
        Ok(())
    }

    /// A list of numbered pages. One that changes while it is read is read again, once.
    async fn numbered(
        &self,
        kind: &'static str,
        path: &str,
        member: &str,
        sink: &Mutex<&mut dyn PageSink>,
        stop: &Stop,
    ) -> Result<(), RemoteError> {
        for attempt in 0..2 {
            let (mut taken, mut page) = (0, 0);
            let total = loop {
                let path = format!("/api/v2/{path}?page={page}&per_page={PAGE}&include_totals=true");
                let body = self.get(path, stop).await?;
                let total = body.get("total").and_then(Value::as_u64);
                let items = self.items(&body, member, "id")?;
                let (count, new) = (items.len(), sink.lock().await.page(kind, items, total)?);
                taken += new as u64;
                page += 1;
                if count == 0 || new == 0 || total.is_some_and(|total| taken >= total) {
                    break total.unwrap_or(taken);
                }
            };
            if taken >= total {
                return Ok(());
            }
            if attempt == 0 {
                sink.lock().await.again(kind)?;
            }
        }
        Err(self.changing(path))
    }

    /// A list with checkpoints, which stays right beyond a thousand items.
    async fn checkpoints(
        &self,
        kind: &'static str,
        path: &str,
        id: &str,
        sink: &Mutex<&mut dyn PageSink>,
        stop: &Stop,
    ) -> Result<(), RemoteError> {
        let member = path.replace('-', "_");
        let mut from = String::new();
        loop {
            let body = self.get(format!("/api/v2/{path}?take={CHECKPOINT_PAGE}{from}"), stop).await?;
            let items = self.items(&body, &member, id)?;
            let (count, new) = (items.len(), sink.lock().await.page(kind, items, None)?);
            let next = text(&body, "next");
            if next.is_empty() {
                return Ok(());
            }
            // The same page again would go on for ever.
            if count > 0 && new == 0 {
                return Err(self.changing(path));
            }
            from = format!("&from={}", encoded(&next));
        }
    }

    fn changing(&self, list: &str) -> RemoteError {
        let detail = format!("the list `{list}` repeats itself or changes while it is read; try again");
        RemoteError::Unexpected { host: self.wire.host(), detail }
    }

    /// The items of a page: a member of an object, or the answer itself.
    pub(super) fn items(
        &self,
        body: &Value,
        member: &str,
        id: &str,
    ) -> Result<Vec<(String, Value)>, RemoteError> {
        let wrong = |detail: String| RemoteError::Unexpected { host: self.wire.host(), detail };
        let list = body
            .get(member)
            .unwrap_or(body)
            .as_array()
            .ok_or_else(|| wrong(format!("`{member}` is no list")))?;
        let named = list.iter().map(|item| match text(item, id) {
            key if key.is_empty() => Err(wrong(format!("an item of `{member}` has no `{id}`"))),
            key => Ok((key, item.clone())),
        });
        named.collect()
    }

    /// A client and its grants as they are now; nothing where it is gone.
    pub(in crate::remote) async fn read_application(
        &self,
        client_id: &str,
        known: Option<Vec<Object>>,
        stop: &Stop,
    ) -> Result<Option<Vec<Object>>, RemoteError> {
        let path = format!("/api/v2/clients/{}", encoded(client_id));
        let client = match self.get(path, stop).await {
            Err(RemoteError::NotFound { .. }) => return Ok(None),
            answer => answer?,
        };
        let mut objects = vec![Object { kind: CLIENT, id: client_id.to_owned(), body: client }];
        if let Some(known) = known {
            objects.extend(known);
            return Ok(Some(objects));
        }
        for page in 0.. {
            let query = format!("client_id={}&page={page}&per_page={PAGE}", encoded(client_id));
            let body = self.get(format!("/api/v2/client-grants?{query}"), stop).await?;
            let items = self.items(&body, "client_grants", "id")?;
            let (count, before) = (items.len(), objects.len());
            for (id, body) in items {
                if !objects.iter().any(|object| object.kind == GRANT && object.id == id) {
                    objects.push(Object { kind: GRANT, id, body });
                }
            }
            if count < PAGE || objects.len() == before {
                break;
            }
        }
        Ok(Some(objects))
    }

    /// A resource server as it is now; nothing where it is gone.
    pub(in crate::remote) async fn read_api(
        &self,
        audience: &str,
        stop: &Stop,
    ) -> Result<Option<Object>, RemoteError> {
        match self.get(format!("/api/v2/resource-servers/{}", encoded(audience)), stop).await {
            Ok(body) => Ok(Some(Object { kind: SERVER, id: text(&body, "id"), body })),
            Err(RemoteError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// A client of this name that is not known yet: the one that a create of unknown outcome may have made.
    pub(in crate::remote) async fn find_new(
        &self,
        name: &str,
        known: &dyn Fn(&str) -> bool,
        stop: &Stop,
    ) -> Result<Option<String>, RemoteError> {
        let mut from = String::new();
        loop {
            let body = self.get(format!("/api/v2/clients?take={CHECKPOINT_PAGE}{from}"), stop).await?;
            let items = self.items(&body, "clients", "client_id")?;
            if let Some((id, _)) =
                items.iter().find(|(id, client)| text(client, "name") == name && !known(id))
            {
                return Ok(Some(id.clone()));
            }
            let next = text(&body, "next");
            if next.is_empty() || items.is_empty() {
                return Ok(None);
            }
            from = format!("&from={}", encoded(&next));
        }
    }
}
