// Reads and writes by the official JavaScript SDK; prints what it saw as JSON.
// Arguments: the SDK's own folder, the webhook's address; the authority is in NODE_EXTRA_CA_CERTS.
import { pathToFileURL } from "node:url";

const [folder, webhook] = process.argv.slice(2);
const { B24Hook } = await import(pathToFileURL(`${folder}/dist/esm/index.mjs`));
const portal = B24Hook.fromWebhookUrl(webhook);
portal.offClientSideWarning();

const call = async (method, params) => {
  const answer = await portal.actions.v2.call.make({ method, params });
  if (!answer.isSuccess) throw new Error(answer.getErrorMessages().join("; "));
  return answer.getData().result;
};
const deals = ["1", "7"].map((value) => ({ moduleId: "crm", entityTypeId: "DEAL", value }));
const clients = [1, 2].map((id) => ({ id, type: { module: "crm", code: "CONTACT" } }));
const binding = { activityId: 999, entityTypeId: 2, entityId: 1 };

const seen = {};
seen["links set"] = await call("booking.v1.booking.externalData.set", { bookingId: 14, externalData: deals });
seen.links = (await call("booking.v1.booking.externalData.list", { bookingId: 14 })).externalData.map((one) => one.value);
seen["links unset"] = await call("booking.v1.booking.externalData.unset", { bookingId: 14 });
seen["clients set"] = await call("booking.v1.booking.client.set", { bookingId: 14, clients });
seen.clients = (await call("booking.v1.booking.client.list", { bookingId: 14 })).bookingClient.map((one) => one.id);
seen["waitlist links set"] = await call("booking.v1.waitlist.externalData.set", { waitListId: 4, externalData: deals });
seen["binding add"] = await call("crm.activity.binding.add", binding);
seen.bindings = (await call("crm.activity.binding.list", { activityId: 999 })).map((one) => one.entityId);
seen["binding delete"] = await call("crm.activity.binding.delete", binding);
const list = await portal.actions.v2.callList.make({
  method: "crm.item.list", params: { entityTypeId: 2, select: ["id"] }, idKey: "id", customKeyForResult: "items",
});
seen.deals = list.getData().map((one) => one.id);
const batch = await portal.actions.v2.batch.make({
  calls: { one: ["booking.v1.booking.get", { id: 15 }], two: ["booking.v1.booking.get", { id: 14 }] },
  options: { isHaltOnError: true, returnAjaxResult: true },
});
seen.batch = Object.values(batch.getData()).map((one) => one.getData().result.booking.id);
seen.missing = await call("booking.v1.booking.get", { id: 5555 }).catch((problem) => [problem.status, problem.message]);
process.stdout.write(JSON.stringify(seen));
