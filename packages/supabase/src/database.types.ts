export type Json =
  | string
  | number
  | boolean
  | null
  | { [key: string]: Json | undefined }
  | Json[]

export type Database = {
  public: {
    Tables: {
      alert_deliveries: {
        Row: {
          attempts: number
          created_at: string
          finished_at: string | null
          id: string
          kind: string
          last_error: string | null
          last_status: number | null
          next_attempt_at: string
          notification: string
          payload: NonNullable<Json>
          state: string
          target_id: string
        }
        Insert: {
          attempts?: number
          created_at?: string
          finished_at?: string | null
          id?: string
          kind: string
          last_error?: string | null
          last_status?: number | null
          next_attempt_at?: string
          notification: string
          payload: NonNullable<Json>
          state?: string
          target_id: string
        }
        Update: {
          attempts?: number
          created_at?: string
          finished_at?: string | null
          id?: string
          kind?: string
          last_error?: string | null
          last_status?: number | null
          next_attempt_at?: string
          notification?: string
          payload?: NonNullable<Json>
          state?: string
          target_id?: string
        }
        Relationships: [
          {
            foreignKeyName: "alert_deliveries_target_id_fkey"
            columns: ["target_id"]
            referencedRelation: "alert_targets"
            referencedColumns: ["id"]
          },
        ]
      }
      alert_incidents: {
        Row: {
          alert_group: string
          closed_at: string | null
          id: string
          opened_at: string
          subjects: NonNullable<Json>
        }
        Insert: {
          alert_group: string
          closed_at?: string | null
          id: string
          opened_at: string
          subjects: NonNullable<Json>
        }
        Update: {
          alert_group?: string
          closed_at?: string | null
          id?: string
          opened_at?: string
          subjects?: NonNullable<Json>
        }
        Relationships: []
      }
      alert_mutes: {
        Row: {
          muted_by: string
          rule: string
          until: string
        }
        Insert: {
          muted_by: string
          rule: string
          until: string
        }
        Update: {
          muted_by?: string
          rule?: string
          until?: string
        }
        Relationships: []
      }
      alert_rules: {
        Row: {
          created_at: string
          created_by: string
          definition: NonNullable<Json>
          id: string
          updated_at: string
        }
        Insert: {
          created_at?: string
          created_by: string
          definition: NonNullable<Json>
          id: string
          updated_at?: string
        }
        Update: {
          created_at?: string
          created_by?: string
          definition?: NonNullable<Json>
          id?: string
          updated_at?: string
        }
        Relationships: []
      }
      alert_states: {
        Row: {
          at: string
          id: string
          rules: NonNullable<Json>
          state: NonNullable<Json>
          version: number
        }
        Insert: {
          at?: string
          id: string
          rules: NonNullable<Json>
          state: NonNullable<Json>
          version: number
        }
        Update: {
          at?: string
          id?: string
          rules?: NonNullable<Json>
          state?: NonNullable<Json>
          version?: number
        }
        Relationships: []
      }
      alert_targets: {
        Row: {
          address: string
          created_at: string
          created_by: string
          id: string
          kind: string
          name: string
          removed_at: string | null
        }
        Insert: {
          address: string
          created_at?: string
          created_by: string
          id?: string
          kind: string
          name: string
          removed_at?: string | null
        }
        Update: {
          address?: string
          created_at?: string
          created_by?: string
          id?: string
          kind?: string
          name?: string
          removed_at?: string | null
        }
        Relationships: []
      }
      call_rollups: {
        Row: {
          bins: number[]
          calls: number
          counts: number[]
          errors: number
          limited: number
          resolution: string
          scope: string
          scope_key: string
          tool: string
          ts: string
        }
        Insert: {
          bins: number[]
          calls: number
          counts: number[]
          errors: number
          limited: number
          resolution: string
          scope: string
          scope_key?: string
          tool: string
          ts: string
        }
        Update: {
          bins?: number[]
          calls?: number
          counts?: number[]
          errors?: number
          limited?: number
          resolution?: string
          scope?: string
          scope_key?: string
          tool?: string
          ts?: string
        }
        Relationships: []
      }
      external_health: {
        Row: {
          created_at: string
          error_message: string | null
          id: string
          latency_ms: number | null
          metadata: Json | null
          service: string
          status: string
        }
        Insert: {
          created_at?: string
          error_message?: string | null
          id?: string
          latency_ms?: number | null
          metadata?: Json | null
          service: string
          status: string
        }
        Update: {
          created_at?: string
          error_message?: string | null
          id?: string
          latency_ms?: number | null
          metadata?: Json | null
          service?: string
          status?: string
        }
        Relationships: []
      }
      legal_holds: {
        Row: {
          created_at: string
          id: string
          reason: string
          released_at: string | null
          tenant_id: string | null
          user_id: string | null
        }
        Insert: {
          created_at?: string
          id?: string
          reason: string
          released_at?: string | null
          tenant_id?: string | null
          user_id?: string | null
        }
        Update: {
          created_at?: string
          id?: string
          reason?: string
          released_at?: string | null
          tenant_id?: string | null
          user_id?: string | null
        }
        Relationships: []
      }
      mcp_held_invocations: {
        Row: {
          args: string | null
          calls: number
          code: string | null
          created_at: string
          duration_ms: number
          id: string
          recorded_at: string
          recorded_by: string
          redacted: boolean
          request_id: string | null
          result: string | null
          success: boolean
          tenant_id: string | null
          tool: string
          trace_id: string | null
          transport: string | null
          user_id: string
        }
        Insert: {
          args?: string | null
          calls?: number
          code?: string | null
          created_at?: string
          duration_ms: number
          id?: string
          recorded_at?: string
          recorded_by?: string
          redacted?: boolean
          request_id?: string | null
          result?: string | null
          success?: boolean
          tenant_id?: string | null
          tool: string
          trace_id?: string | null
          transport?: string | null
          user_id: string
        }
        Update: {
          args?: string | null
          calls?: number
          code?: string | null
          created_at?: string
          duration_ms?: number
          id?: string
          recorded_at?: string
          recorded_by?: string
          redacted?: boolean
          request_id?: string | null
          result?: string | null
          success?: boolean
          tenant_id?: string | null
          tool?: string
          trace_id?: string | null
          transport?: string | null
          user_id?: string
        }
        Relationships: []
      }
      mcp_intents: {
        Row: {
          args: string | null
          created_at: string
          id: string
          recorded_by: string
          request_id: string | null
          tenant_id: string | null
          tool: string
          user_id: string
        }
        Insert: {
          args?: string | null
          created_at?: string
          id?: string
          recorded_by?: string
          request_id?: string | null
          tenant_id?: string | null
          tool: string
          user_id: string
        }
        Update: {
          args?: string | null
          created_at?: string
          id?: string
          recorded_by?: string
          request_id?: string | null
          tenant_id?: string | null
          tool?: string
          user_id?: string
        }
        Relationships: []
      }
      mcp_invocations: {
        Row: {
          args: string | null
          calls: number
          code: string | null
          created_at: string
          duration_ms: number
          id: string
          recorded_at: string
          recorded_by: string
          redacted: boolean
          request_id: string | null
          result: string | null
          success: boolean
          tenant_id: string | null
          tool: string
          trace_id: string | null
          transport: string | null
          user_id: string
        }
        Insert: {
          args?: string | null
          calls?: number
          code?: string | null
          created_at?: string
          duration_ms: number
          id?: string
          recorded_at?: string
          recorded_by?: string
          redacted?: boolean
          request_id?: string | null
          result?: string | null
          success?: boolean
          tenant_id?: string | null
          tool: string
          trace_id?: string | null
          transport?: string | null
          user_id: string
        }
        Update: {
          args?: string | null
          calls?: number
          code?: string | null
          created_at?: string
          duration_ms?: number
          id?: string
          recorded_at?: string
          recorded_by?: string
          redacted?: boolean
          request_id?: string | null
          result?: string | null
          success?: boolean
          tenant_id?: string | null
          tool?: string
          trace_id?: string | null
          transport?: string | null
          user_id?: string
        }
        Relationships: []
      }
      mcp_open_intents: {
        Row: {
          id: string
          recorded_by: string
          user_id: string
        }
        Insert: {
          id: string
          recorded_by?: string
          user_id: string
        }
        Update: {
          id?: string
          recorded_by?: string
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: "mcp_open_intents_id_fkey"
            columns: ["id"]
            referencedRelation: "mcp_intents"
            referencedColumns: ["id"]
          },
        ]
      }
      n8n_webhooks: {
        Row: {
          created_at: string
          id: string
          path: string
          registered_by: string
          removed_at: string | null
          tenant_id: string
          updated_at: string
          workflow: string
        }
        Insert: {
          created_at?: string
          id?: string
          path: string
          registered_by: string
          removed_at?: string | null
          tenant_id: string
          updated_at?: string
          workflow: string
        }
        Update: {
          created_at?: string
          id?: string
          path?: string
          registered_by?: string
          removed_at?: string | null
          tenant_id?: string
          updated_at?: string
          workflow?: string
        }
        Relationships: [
          {
            foreignKeyName: "n8n_webhooks_tenant_id_fkey"
            columns: ["tenant_id"]
            referencedRelation: "tenant_services"
            referencedColumns: ["tenant_id"]
          },
          {
            foreignKeyName: "n8n_webhooks_tenant_id_fkey"
            columns: ["tenant_id"]
            referencedRelation: "tenants"
            referencedColumns: ["id"]
          },
        ]
      }
      provision_comparisons: {
        Row: {
          compared_at: string
          id: string
          tenant_id: string
          vendor: string
        }
        Insert: {
          compared_at?: string
          id?: string
          tenant_id: string
          vendor: string
        }
        Update: {
          compared_at?: string
          id?: string
          tenant_id?: string
          vendor?: string
        }
        Relationships: [
          {
            foreignKeyName: "provision_comparisons_tenant_id_fkey"
            columns: ["tenant_id"]
            referencedRelation: "tenant_services"
            referencedColumns: ["tenant_id"]
          },
          {
            foreignKeyName: "provision_comparisons_tenant_id_fkey"
            columns: ["tenant_id"]
            referencedRelation: "tenants"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "provision_comparisons_vendor_fkey"
            columns: ["vendor"]
            referencedRelation: "provision_vendors"
            referencedColumns: ["vendor"]
          },
          {
            foreignKeyName: "provision_comparisons_vendor_fkey"
            columns: ["vendor"]
            referencedRelation: "tenant_services"
            referencedColumns: ["vendor"]
          },
        ]
      }
      provision_drift: {
        Row: {
          external_id: string | null
          found_at: string
          id: string
          kind: string
          resolved_at: string | null
          seen_name: string | null
          tenant_id: string
          vendor: string
        }
        Insert: {
          external_id?: string | null
          found_at?: string
          id?: string
          kind: string
          resolved_at?: string | null
          seen_name?: string | null
          tenant_id: string
          vendor: string
        }
        Update: {
          external_id?: string | null
          found_at?: string
          id?: string
          kind?: string
          resolved_at?: string | null
          seen_name?: string | null
          tenant_id?: string
          vendor?: string
        }
        Relationships: [
          {
            foreignKeyName: "provision_drift_tenant_id_fkey"
            columns: ["tenant_id"]
            referencedRelation: "tenant_services"
            referencedColumns: ["tenant_id"]
          },
          {
            foreignKeyName: "provision_drift_tenant_id_fkey"
            columns: ["tenant_id"]
            referencedRelation: "tenants"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "provision_drift_vendor_known"
            columns: ["vendor"]
            referencedRelation: "provision_vendors"
            referencedColumns: ["vendor"]
          },
          {
            foreignKeyName: "provision_drift_vendor_known"
            columns: ["vendor"]
            referencedRelation: "tenant_services"
            referencedColumns: ["vendor"]
          },
        ]
      }
      provision_holds: {
        Row: {
          released_at: string | null
          since: string
          tenant_id: string
          vendor: string
        }
        Insert: {
          released_at?: string | null
          since?: string
          tenant_id: string
          vendor: string
        }
        Update: {
          released_at?: string | null
          since?: string
          tenant_id?: string
          vendor?: string
        }
        Relationships: [
          {
            foreignKeyName: "provision_holds_tenant_id_fkey"
            columns: ["tenant_id"]
            referencedRelation: "tenant_services"
            referencedColumns: ["tenant_id"]
          },
          {
            foreignKeyName: "provision_holds_tenant_id_fkey"
            columns: ["tenant_id"]
            referencedRelation: "tenants"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "provision_holds_vendor_known"
            columns: ["vendor"]
            referencedRelation: "provision_vendors"
            referencedColumns: ["vendor"]
          },
          {
            foreignKeyName: "provision_holds_vendor_known"
            columns: ["vendor"]
            referencedRelation: "tenant_services"
            referencedColumns: ["vendor"]
          },
        ]
      }
      provision_intents: {
        Row: {
          doubtful: boolean
          empty_searches: number
          id: string
          opened_at: string
          searched_at: string | null
          settled_as: string | null
          settled_at: string | null
          settled_by: string | null
          task_id: string | null
          tenant_id: string
          vendor: string
        }
        Insert: {
          doubtful?: boolean
          empty_searches?: number
          id?: string
          opened_at?: string
          searched_at?: string | null
          settled_as?: string | null
          settled_at?: string | null
          settled_by?: string | null
          task_id?: string | null
          tenant_id: string
          vendor: string
        }
        Update: {
          doubtful?: boolean
          empty_searches?: number
          id?: string
          opened_at?: string
          searched_at?: string | null
          settled_as?: string | null
          settled_at?: string | null
          settled_by?: string | null
          task_id?: string | null
          tenant_id?: string
          vendor?: string
        }
        Relationships: [
          {
            foreignKeyName: "provision_intents_task_id_fkey"
            columns: ["task_id"]
            referencedRelation: "tasks"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "provision_intents_tenant_id_fkey"
            columns: ["tenant_id"]
            referencedRelation: "tenant_services"
            referencedColumns: ["tenant_id"]
          },
          {
            foreignKeyName: "provision_intents_tenant_id_fkey"
            columns: ["tenant_id"]
            referencedRelation: "tenants"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "provision_intents_vendor_fkey"
            columns: ["vendor"]
            referencedRelation: "provision_vendors"
            referencedColumns: ["vendor"]
          },
          {
            foreignKeyName: "provision_intents_vendor_fkey"
            columns: ["vendor"]
            referencedRelation: "tenant_services"
            referencedColumns: ["vendor"]
          },
        ]
      }
      provision_runs: {
        Row: {
          cancelled_at: string | null
          created_at: string
          event_id: number | null
          finished_at: string | null
          id: string
          request_id: string | null
          requested_by: string
          started_at: string | null
          state: string
          tenant_id: string
        }
        Insert: {
          cancelled_at?: string | null
          created_at?: string
          event_id?: number | null
          finished_at?: string | null
          id?: string
          request_id?: string | null
          requested_by: string
          started_at?: string | null
          state?: string
          tenant_id: string
        }
        Update: {
          cancelled_at?: string | null
          created_at?: string
          event_id?: number | null
          finished_at?: string | null
          id?: string
          request_id?: string | null
          requested_by?: string
          started_at?: string | null
          state?: string
          tenant_id?: string
        }
        Relationships: [
          {
            foreignKeyName: "provision_runs_event_id_fkey"
            columns: ["event_id"]
            referencedRelation: "tenant_events"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "provision_runs_tenant_id_fkey"
            columns: ["tenant_id"]
            referencedRelation: "tenant_services"
            referencedColumns: ["tenant_id"]
          },
          {
            foreignKeyName: "provision_runs_tenant_id_fkey"
            columns: ["tenant_id"]
            referencedRelation: "tenants"
            referencedColumns: ["id"]
          },
        ]
      }
      provision_steps: {
        Row: {
          action: string
          attempts: number
          created: boolean
          duplicates: string[]
          error_kind: string | null
          error_message: string | null
          external_id: string | null
          finished_at: string | null
          id: string
          next_attempt_at: string | null
          remedy: string | null
          run_id: string
          started_at: string | null
          state: string
          task_id: string | null
          tenant_id: string
          updated_at: string
          vendor: string
        }
        Insert: {
          action: string
          attempts?: number
          created?: boolean
          duplicates?: string[]
          error_kind?: string | null
          error_message?: string | null
          external_id?: string | null
          finished_at?: string | null
          id?: string
          next_attempt_at?: string | null
          remedy?: string | null
          run_id: string
          started_at?: string | null
          state?: string
          task_id?: string | null
          tenant_id: string
          updated_at?: string
          vendor: string
        }
        Update: {
          action?: string
          attempts?: number
          created?: boolean
          duplicates?: string[]
          error_kind?: string | null
          error_message?: string | null
          external_id?: string | null
          finished_at?: string | null
          id?: string
          next_attempt_at?: string | null
          remedy?: string | null
          run_id?: string
          started_at?: string | null
          state?: string
          task_id?: string | null
          tenant_id?: string
          updated_at?: string
          vendor?: string
        }
        Relationships: [
          {
            foreignKeyName: "provision_steps_run_id_fkey"
            columns: ["run_id"]
            referencedRelation: "provision_runs"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "provision_steps_task_id_fkey"
            columns: ["task_id"]
            referencedRelation: "tasks"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "provision_steps_tenant_id_fkey"
            columns: ["tenant_id"]
            referencedRelation: "tenant_services"
            referencedColumns: ["tenant_id"]
          },
          {
            foreignKeyName: "provision_steps_tenant_id_fkey"
            columns: ["tenant_id"]
            referencedRelation: "tenants"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "provision_steps_vendor_known"
            columns: ["vendor"]
            referencedRelation: "provision_vendors"
            referencedColumns: ["vendor"]
          },
          {
            foreignKeyName: "provision_steps_vendor_known"
            columns: ["vendor"]
            referencedRelation: "tenant_services"
            referencedColumns: ["vendor"]
          },
        ]
      }
      provision_vendors: {
        Row: {
          checklist: string[]
          flag: string
          resource_urls: NonNullable<Json>
          vendor: string
        }
        Insert: {
          checklist?: string[]
          flag: string
          resource_urls?: NonNullable<Json>
          vendor: string
        }
        Update: {
          checklist?: string[]
          flag?: string
          resource_urls?: NonNullable<Json>
          vendor?: string
        }
        Relationships: []
      }
      provision_workers: {
        Row: {
          id: string
          seen_at: string
          started_at: string
        }
        Insert: {
          id: string
          seen_at?: string
          started_at?: string
        }
        Update: {
          id?: string
          seen_at?: string
          started_at?: string
        }
        Relationships: []
      }
      service_checks: {
        Row: {
          done_at: string
          done_by: string
          id: string
          item: string
          tenant_id: string
          vendor: string
        }
        Insert: {
          done_at?: string
          done_by: string
          id?: string
          item: string
          tenant_id: string
          vendor: string
        }
        Update: {
          done_at?: string
          done_by?: string
          id?: string
          item?: string
          tenant_id?: string
          vendor?: string
        }
        Relationships: [
          {
            foreignKeyName: "service_checks_tenant_id_fkey"
            columns: ["tenant_id"]
            referencedRelation: "tenant_services"
            referencedColumns: ["tenant_id"]
          },
          {
            foreignKeyName: "service_checks_tenant_id_fkey"
            columns: ["tenant_id"]
            referencedRelation: "tenants"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "service_checks_vendor_fkey"
            columns: ["vendor"]
            referencedRelation: "provision_vendors"
            referencedColumns: ["vendor"]
          },
          {
            foreignKeyName: "service_checks_vendor_fkey"
            columns: ["vendor"]
            referencedRelation: "tenant_services"
            referencedColumns: ["vendor"]
          },
        ]
      }
      task_lines: {
        Row: {
          fair_key: string
          head_due_at: string
          priority: number
          queue: string
          waiting: number
        }
        Insert: {
          fair_key: string
          head_due_at: string
          priority: number
          queue: string
          waiting: number
        }
        Update: {
          fair_key?: string
          head_due_at?: string
          priority?: number
          queue?: string
          waiting?: number
        }
        Relationships: [
          {
            foreignKeyName: "task_lines_queue_fkey"
            columns: ["queue"]
            referencedRelation: "task_queues"
            referencedColumns: ["name"]
          },
        ]
      }
      task_queues: {
        Row: {
          breaker_failures: number
          breaker_pause: string
          claimed: number
          created_at: string
          failures: number
          lease: string
          max_attempts: number
          max_per_key: number | null
          max_per_tenant: number | null
          max_per_worker: number | null
          max_retry_pause: string
          max_running: number
          name: string
          open_until: string | null
          paused_at: string | null
          retry_pause: string
          slice: string
        }
        Insert: {
          breaker_failures?: number
          breaker_pause?: string
          claimed?: number
          created_at?: string
          failures?: number
          lease?: string
          max_attempts?: number
          max_per_key?: number | null
          max_per_tenant?: number | null
          max_per_worker?: number | null
          max_retry_pause?: string
          max_running?: number
          name: string
          open_until?: string | null
          paused_at?: string | null
          retry_pause?: string
          slice?: string
        }
        Update: {
          breaker_failures?: number
          breaker_pause?: string
          claimed?: number
          created_at?: string
          failures?: number
          lease?: string
          max_attempts?: number
          max_per_key?: number | null
          max_per_tenant?: number | null
          max_per_worker?: number | null
          max_retry_pause?: string
          max_running?: number
          name?: string
          open_until?: string | null
          paused_at?: string | null
          retry_pause?: string
          slice?: string
        }
        Relationships: []
      }
      tasks: {
        Row: {
          attempts: number
          cancel_requested_at: string | null
          claim: string | null
          claimed_at: string | null
          claimed_by: string | null
          created_at: string
          deadline_at: string | null
          dedupe_key: string | null
          due_at: string | null
          error: Json | null
          fair_key: string
          finished_at: string | null
          id: string
          kind: string
          lease_until: string | null
          max_attempts: number
          parent_id: string | null
          payload: NonNullable<Json>
          priority: number
          progress: Json | null
          queue: string
          requested_by: string
          result: Json | null
          run_at: string
          state: string
          tenant_id: string | null
          traceparent: string | null
        }
        Insert: {
          attempts?: number
          cancel_requested_at?: string | null
          claim?: string | null
          claimed_at?: string | null
          claimed_by?: string | null
          created_at?: string
          deadline_at?: string | null
          dedupe_key?: string | null
          due_at?: string | null
          error?: Json | null
          fair_key: string
          finished_at?: string | null
          id?: string
          kind: string
          lease_until?: string | null
          max_attempts?: number
          parent_id?: string | null
          payload?: NonNullable<Json>
          priority?: number
          progress?: Json | null
          queue: string
          requested_by: string
          result?: Json | null
          run_at?: string
          state?: string
          tenant_id?: string | null
          traceparent?: string | null
        }
        Update: {
          attempts?: number
          cancel_requested_at?: string | null
          claim?: string | null
          claimed_at?: string | null
          claimed_by?: string | null
          created_at?: string
          deadline_at?: string | null
          dedupe_key?: string | null
          due_at?: string | null
          error?: Json | null
          fair_key?: string
          finished_at?: string | null
          id?: string
          kind?: string
          lease_until?: string | null
          max_attempts?: number
          parent_id?: string | null
          payload?: NonNullable<Json>
          priority?: number
          progress?: Json | null
          queue?: string
          requested_by?: string
          result?: Json | null
          run_at?: string
          state?: string
          tenant_id?: string | null
          traceparent?: string | null
        }
        Relationships: [
          {
            foreignKeyName: "tasks_queue_fkey"
            columns: ["queue"]
            referencedRelation: "task_queues"
            referencedColumns: ["name"]
          },
          {
            foreignKeyName: "tasks_tenant_id_fkey"
            columns: ["tenant_id"]
            referencedRelation: "tenant_services"
            referencedColumns: ["tenant_id"]
          },
          {
            foreignKeyName: "tasks_tenant_id_fkey"
            columns: ["tenant_id"]
            referencedRelation: "tenants"
            referencedColumns: ["id"]
          },
        ]
      }
      tenant_events: {
        Row: {
          attempts: number
          claimed_until: string | null
          created_at: string
          id: number
          last_error: string | null
          payload: NonNullable<Json>
          processed_at: string | null
          tenant_id: string
          type: string
        }
        Insert: {
          attempts?: number
          claimed_until?: string | null
          created_at?: string
          id?: never
          last_error?: string | null
          payload?: NonNullable<Json>
          processed_at?: string | null
          tenant_id: string
          type: string
        }
        Update: {
          attempts?: number
          claimed_until?: string | null
          created_at?: string
          id?: never
          last_error?: string | null
          payload?: NonNullable<Json>
          processed_at?: string | null
          tenant_id?: string
          type?: string
        }
        Relationships: [
          {
            foreignKeyName: "tenant_events_tenant_id_fkey"
            columns: ["tenant_id"]
            referencedRelation: "tenant_services"
            referencedColumns: ["tenant_id"]
          },
          {
            foreignKeyName: "tenant_events_tenant_id_fkey"
            columns: ["tenant_id"]
            referencedRelation: "tenants"
            referencedColumns: ["id"]
          },
        ]
      }
      tenant_service_ids: {
        Row: {
          external_id: string | null
          tenant_id: string
          vendor: string
        }
        Insert: {
          external_id?: string | null
          tenant_id: string
          vendor: string
        }
        Update: {
          external_id?: string | null
          tenant_id?: string
          vendor?: string
        }
        Relationships: [
          {
            foreignKeyName: "tenant_service_ids_tenant_id_fkey"
            columns: ["tenant_id"]
            referencedRelation: "tenant_services"
            referencedColumns: ["tenant_id"]
          },
          {
            foreignKeyName: "tenant_service_ids_tenant_id_fkey"
            columns: ["tenant_id"]
            referencedRelation: "tenants"
            referencedColumns: ["id"]
          },
          {
            foreignKeyName: "tenant_service_ids_vendor_fkey"
            columns: ["vendor"]
            referencedRelation: "provision_vendors"
            referencedColumns: ["vendor"]
          },
          {
            foreignKeyName: "tenant_service_ids_vendor_fkey"
            columns: ["vendor"]
            referencedRelation: "tenant_services"
            referencedColumns: ["vendor"]
          },
        ]
      }
      tenants: {
        Row: {
          active: boolean
          botpress_workspace_id: string | null
          business_name: string
          chatwoot_inbox_id: number | null
          clerk_user_id: string
          created_at: string
          deleted_at: string | null
          id: string
          metabase_dashboard_id: string | null
          n8n_project_id: string | null
          odoo_company_id: number | null
          rut: string
          services_enabled: NonNullable<Json>
          updated_at: string
        }
        Insert: {
          active?: boolean
          botpress_workspace_id?: string | null
          business_name: string
          chatwoot_inbox_id?: number | null
          clerk_user_id: string
          created_at?: string
          deleted_at?: string | null
          id?: string
          metabase_dashboard_id?: string | null
          n8n_project_id?: string | null
          odoo_company_id?: number | null
          rut: string
          services_enabled?: NonNullable<Json>
          updated_at?: string
        }
        Update: {
          active?: boolean
          botpress_workspace_id?: string | null
          business_name?: string
          chatwoot_inbox_id?: number | null
          clerk_user_id?: string
          created_at?: string
          deleted_at?: string | null
          id?: string
          metabase_dashboard_id?: string | null
          n8n_project_id?: string | null
          odoo_company_id?: number | null
          rut?: string
          services_enabled?: NonNullable<Json>
          updated_at?: string
        }
        Relationships: []
      }
      tenants_in_review: {
        Row: {
          clerk_user_id: string | null
          created_at: string
          id: string
          moved_at: string
          proposal: NonNullable<Json>
          reasons: string[]
          row: NonNullable<Json>
        }
        Insert: {
          clerk_user_id?: string | null
          created_at: string
          id: string
          moved_at?: string
          proposal: NonNullable<Json>
          reasons: string[]
          row: NonNullable<Json>
        }
        Update: {
          clerk_user_id?: string | null
          created_at?: string
          id?: string
          moved_at?: string
          proposal?: NonNullable<Json>
          reasons?: string[]
          row?: NonNullable<Json>
        }
        Relationships: []
      }
    }
    Views: {
      tenant_services: {
        Row: {
          action: string | null
          attempts: number | null
          checklist: Json | null
          compared_at: string | null
          drift: string | null
          drift_found_at: string | null
          duplicates: string[] | null
          error_kind: string | null
          error_message: string | null
          external_id: string | null
          held: boolean | null
          next_attempt_at: string | null
          remedy: string | null
          run_id: string | null
          seen_name: string | null
          state: string | null
          tenant_id: string | null
          updated_at: string | null
          url: string | null
          vendor: string | null
          wanted: boolean | null
        }
        Relationships: [
          {
            foreignKeyName: "provision_steps_run_id_fkey"
            columns: ["run_id"]
            referencedRelation: "provision_runs"
            referencedColumns: ["id"]
          },
        ]
      }
    }
    Functions: {
      abandon_task: { Args: { p_id: string }; Returns: boolean }
      add_alert_target: {
        Args: {
          p_address: string
          p_kind: string
          p_name: string
          p_settings: Json
        }
        Returns: {
          address: string
          created_at: string
          created_by: string
          id: string
          kind: string
          name: string
          removed_at: string | null
        }[]
        SetofOptions: {
          from: "*"
          to: "alert_targets"
          isOneToOne: false
          isSetofReturn: true
        }
      }
      adopt_service: {
        Args: { p_external_id: string; p_tenant_id: string; p_vendor: string }
        Returns: {
          active: boolean
          botpress_workspace_id: string | null
          business_name: string
          chatwoot_inbox_id: number | null
          clerk_user_id: string
          created_at: string
          deleted_at: string | null
          id: string
          metabase_dashboard_id: string | null
          n8n_project_id: string | null
          odoo_company_id: number | null
          rut: string
          services_enabled: NonNullable<Json>
          updated_at: string
        }[]
        SetofOptions: {
          from: "*"
          to: "tenants"
          isOneToOne: false
          isSetofReturn: true
        }
      }
      begin_creation: {
        Args: { p_claim: string; p_task_id: string }
        Returns: {
          doubtful: boolean
          empty_searches: number
          id: string
          opened_at: string
          searched_at: string | null
          settled_as: string | null
          settled_at: string | null
          settled_by: string | null
          task_id: string | null
          tenant_id: string
          vendor: string
        }[]
        SetofOptions: {
          from: "*"
          to: "provision_intents"
          isOneToOne: false
          isSetofReturn: true
        }
      }
      begin_step: {
        Args: { p_claim: string; p_task_id: string }
        Returns: Json
      }
      cancel_provision_run: {
        Args: { p_run_id: string }
        Returns: {
          cancelled_at: string | null
          created_at: string
          event_id: number | null
          finished_at: string | null
          id: string
          request_id: string | null
          requested_by: string
          started_at: string | null
          state: string
          tenant_id: string
        }[]
        SetofOptions: {
          from: "*"
          to: "provision_runs"
          isOneToOne: false
          isSetofReturn: true
        }
      }
      cancel_provision_runs: {
        Args: {
          p_dry_run?: boolean
          p_error?: string
          p_owner?: string
          p_since?: string
          p_vendor?: string
        }
        Returns: {
          remaining: number
          runs: number
        }[]
      }
      cancel_task: {
        Args: { p_id: string }
        Returns: {
          attempts: number
          cancel_requested_at: string | null
          claim: string | null
          claimed_at: string | null
          claimed_by: string | null
          created_at: string
          deadline_at: string | null
          dedupe_key: string | null
          due_at: string | null
          error: Json | null
          fair_key: string
          finished_at: string | null
          id: string
          kind: string
          lease_until: string | null
          max_attempts: number
          parent_id: string | null
          payload: NonNullable<Json>
          priority: number
          progress: Json | null
          queue: string
          requested_by: string
          result: Json | null
          run_at: string
          state: string
          tenant_id: string | null
          traceparent: string | null
        }[]
        SetofOptions: {
          from: "*"
          to: "tasks"
          isOneToOne: false
          isSetofReturn: true
        }
      }
      check_service: {
        Args: {
          p_done: boolean
          p_item: string
          p_tenant_id: string
          p_vendor: string
        }
        Returns: boolean
      }
      claim_alert_deliveries: {
        Args: { p_limit?: number }
        Returns: {
          attempts: number
          id: string
          notification: string
          payload: Json
          settings: Json
          target: string
          target_kind: string
        }[]
      }
      claim_events: {
        Args: { p_lease?: string; p_limit?: number }
        Returns: {
          attempts: number
          claimed_until: string | null
          created_at: string
          id: number
          last_error: string | null
          payload: NonNullable<Json>
          processed_at: string | null
          tenant_id: string
          type: string
        }[]
        SetofOptions: {
          from: "*"
          to: "tenant_events"
          isOneToOne: false
          isSetofReturn: true
        }
      }
      claim_tasks: {
        Args: { p_limit?: number; p_queue: string; p_worker: string }
        Returns: {
          attempts: number
          cancel_requested_at: string | null
          claim: string | null
          claimed_at: string | null
          claimed_by: string | null
          created_at: string
          deadline_at: string | null
          dedupe_key: string | null
          due_at: string | null
          error: Json | null
          fair_key: string
          finished_at: string | null
          id: string
          kind: string
          lease_until: string | null
          max_attempts: number
          parent_id: string | null
          payload: NonNullable<Json>
          priority: number
          progress: Json | null
          queue: string
          requested_by: string
          result: Json | null
          run_at: string
          state: string
          tenant_id: string | null
          traceparent: string | null
        }[]
        SetofOptions: {
          from: "*"
          to: "tasks"
          isOneToOne: false
          isSetofReturn: true
        }
      }
      compact_partitions: { Args: { p_rows?: number }; Returns: boolean }
      complete_tasks: { Args: { p_ended: Json }; Returns: string[] }
      configure: { Args: { p_settings: Json }; Returns: undefined }
      configure_queue: {
        Args: { p_name: string; p_settings?: Json }
        Returns: {
          breaker_failures: number
          breaker_pause: string
          claimed: number
          created_at: string
          failures: number
          lease: string
          max_attempts: number
          max_per_key: number | null
          max_per_tenant: number | null
          max_per_worker: number | null
          max_retry_pause: string
          max_running: number
          name: string
          open_until: string | null
          paused_at: string | null
          retry_pause: string
          slice: string
        }[]
        SetofOptions: {
          from: "*"
          to: "task_queues"
          isOneToOne: false
          isSetofReturn: true
        }
      }
      create_maintenance_window: {
        Args: {
          p_ends_at: string
          p_reason: string
          p_service?: string
          p_starts_at: string
        }
        Returns: string
      }
      create_tenant: {
        Args: { p_business_name: string; p_rut: string; p_services?: Json }
        Returns: {
          active: boolean
          botpress_workspace_id: string | null
          business_name: string
          chatwoot_inbox_id: number | null
          clerk_user_id: string
          created_at: string
          deleted_at: string | null
          id: string
          metabase_dashboard_id: string | null
          n8n_project_id: string | null
          odoo_company_id: number | null
          rut: string
          services_enabled: NonNullable<Json>
          updated_at: string
        }[]
        SetofOptions: {
          from: "*"
          to: "tenants"
          isOneToOne: false
          isSetofReturn: true
        }
      }
      delete_alert_rule: {
        Args: { p_id: string }
        Returns: {
          created_at: string
          created_by: string
          definition: NonNullable<Json>
          id: string
          updated_at: string
        }[]
        SetofOptions: {
          from: "*"
          to: "alert_rules"
          isOneToOne: false
          isSetofReturn: true
        }
      }
      drop_expired: {
        Args: { p_days: number; p_sealed?: boolean }
        Returns: {
          held: number
          intents: number
          more: boolean
          partitions: number
        }[]
      }
      due_queues: { Args: { p_queues: string[] }; Returns: string[] }
      end_alert_delivery: {
        Args: {
          p_delivered: boolean
          p_error: string
          p_id: string
          p_retry_at: string
          p_status: number
        }
        Returns: boolean
      }
      end_maintenance_window: { Args: { p_id: string }; Returns: boolean }
      enqueue_tasks: {
        Args: { p_tasks: Json }
        Returns: {
          attempts: number
          cancel_requested_at: string | null
          claim: string | null
          claimed_at: string | null
          claimed_by: string | null
          created_at: string
          deadline_at: string | null
          dedupe_key: string | null
          due_at: string | null
          error: Json | null
          fair_key: string
          finished_at: string | null
          id: string
          kind: string
          lease_until: string | null
          max_attempts: number
          parent_id: string | null
          payload: NonNullable<Json>
          priority: number
          progress: Json | null
          queue: string
          requested_by: string
          result: Json | null
          run_at: string
          state: string
          tenant_id: string | null
          traceparent: string | null
        }[]
        SetofOptions: {
          from: "*"
          to: "tasks"
          isOneToOne: false
          isSetofReturn: true
        }
      }
      ensure_partitions: { Args: { p_days_ahead?: number }; Returns: number }
      fail_task: {
        Args: {
          p_claim: string
          p_error: Json
          p_id: string
          p_retry?: boolean
          p_retry_after?: string
          p_trips_breaker?: boolean
        }
        Returns: {
          attempts: number
          cancel_requested_at: string | null
          claim: string | null
          claimed_at: string | null
          claimed_by: string | null
          created_at: string
          deadline_at: string | null
          dedupe_key: string | null
          due_at: string | null
          error: Json | null
          fair_key: string
          finished_at: string | null
          id: string
          kind: string
          lease_until: string | null
          max_attempts: number
          parent_id: string | null
          payload: NonNullable<Json>
          priority: number
          progress: Json | null
          queue: string
          requested_by: string
          result: Json | null
          run_at: string
          state: string
          tenant_id: string | null
          traceparent: string | null
        }[]
        SetofOptions: {
          from: "*"
          to: "tasks"
          isOneToOne: false
          isSetofReturn: true
        }
      }
      hand_over_tenants: {
        Args: {
          p_dry_run?: boolean
          p_from: string
          p_tenant_ids?: string[]
          p_to: string
        }
        Returns: Json
      }
      health_timeline: {
        Args: { p_days?: number; p_service?: string }
        Returns: Json
      }
      list_tenants: {
        Args: {
          p_before?: string
          p_before_id?: string
          p_include_inactive?: boolean
          p_limit?: number
          p_owner?: string
          p_search?: string
        }
        Returns: {
          active: boolean
          botpress_workspace_id: string | null
          business_name: string
          chatwoot_inbox_id: number | null
          clerk_user_id: string
          created_at: string
          deleted_at: string | null
          id: string
          metabase_dashboard_id: string | null
          n8n_project_id: string | null
          odoo_company_id: number | null
          rut: string
          services_enabled: NonNullable<Json>
          updated_at: string
        }[]
        SetofOptions: {
          from: "*"
          to: "tenants"
          isOneToOne: false
          isSetofReturn: true
        }
      }
      merge_services: {
        Args: { p_id: string; p_services: Json }
        Returns: {
          active: boolean
          botpress_workspace_id: string | null
          business_name: string
          chatwoot_inbox_id: number | null
          clerk_user_id: string
          created_at: string
          deleted_at: string | null
          id: string
          metabase_dashboard_id: string | null
          n8n_project_id: string | null
          odoo_company_id: number | null
          rut: string
          services_enabled: NonNullable<Json>
          updated_at: string
        }[]
        SetofOptions: {
          from: "*"
          to: "tenants"
          isOneToOne: false
          isSetofReturn: true
        }
      }
      move_default_rows: {
        Args: { p_days_ahead?: number; p_rows?: number }
        Returns: boolean
      }
      mute_alert_rule: {
        Args: { p_rule: string; p_until: string }
        Returns: {
          muted_by: string
          rule: string
          until: string
        }[]
        SetofOptions: {
          from: "*"
          to: "alert_mutes"
          isOneToOne: false
          isSetofReturn: true
        }
      }
      note_provision_drift: {
        Args: { p_checked: string[]; p_found: Json; p_tenant_id: string }
        Returns: {
          external_id: string | null
          found_at: string
          id: string
          kind: string
          resolved_at: string | null
          seen_name: string | null
          tenant_id: string
          vendor: string
        }[]
        SetofOptions: {
          from: "*"
          to: "provision_drift"
          isOneToOne: false
          isSetofReturn: true
        }
      }
      open_creation: {
        Args: { p_tenant_id: string; p_vendor: string }
        Returns: {
          age_ms: number
          doubtful: boolean
          empty_searches: number
        }[]
      }
      open_provision_run: {
        Args: {
          p_event_id?: number
          p_request_id?: string
          p_requested_by: string
          p_steps: Json
          p_tenant_id: string
          p_traceparent?: string
        }
        Returns: {
          cancelled_at: string | null
          created_at: string
          event_id: number | null
          finished_at: string | null
          id: string
          request_id: string | null
          requested_by: string
          started_at: string | null
          state: string
          tenant_id: string
        }[]
        SetofOptions: {
          from: "*"
          to: "provision_runs"
          isOneToOne: false
          isSetofReturn: true
        }
      }
      pause_queue: {
        Args: { p_name: string; p_paused?: boolean }
        Returns: {
          breaker_failures: number
          breaker_pause: string
          claimed: number
          created_at: string
          failures: number
          lease: string
          max_attempts: number
          max_per_key: number | null
          max_per_tenant: number | null
          max_per_worker: number | null
          max_retry_pause: string
          max_running: number
          name: string
          open_until: string | null
          paused_at: string | null
          retry_pause: string
          slice: string
        }[]
        SetofOptions: {
          from: "*"
          to: "task_queues"
          isOneToOne: false
          isSetofReturn: true
        }
      }
      ping: { Args: Record<PropertyKey, never>; Returns: boolean }
      postpone_task: {
        Args: {
          p_claim: string
          p_for: string
          p_id: string
          p_progress?: Json
        }
        Returns: {
          attempts: number
          cancel_requested_at: string | null
          claim: string | null
          claimed_at: string | null
          claimed_by: string | null
          created_at: string
          deadline_at: string | null
          dedupe_key: string | null
          due_at: string | null
          error: Json | null
          fair_key: string
          finished_at: string | null
          id: string
          kind: string
          lease_until: string | null
          max_attempts: number
          parent_id: string | null
          payload: NonNullable<Json>
          priority: number
          progress: Json | null
          queue: string
          requested_by: string
          result: Json | null
          run_at: string
          state: string
          tenant_id: string | null
          traceparent: string | null
        }[]
        SetofOptions: {
          from: "*"
          to: "tasks"
          isOneToOne: false
          isSetofReturn: true
        }
      }
      prune_tasks: {
        Args: { p_before?: string; p_limit?: number }
        Returns: number
      }
      rank_calls: {
        Args: { p_by: string; p_from: string; p_to: string; p_tool?: string }
        Returns: Json
      }
      read_alerts: {
        Args: { p_minutes: number[]; p_slow_ms: number[] }
        Returns: Json
      }
      record_intent: { Args: { p_intent: Json }; Returns: string }
      record_invocations: { Args: { p_rows: Json }; Returns: number }
      record_my_intent: { Args: { p_intent: Json }; Returns: string }
      record_my_invocations: { Args: { p_rows: Json }; Returns: Json }
      redrive_tasks: {
        Args: {
          p_dry_run?: boolean
          p_kind?: string
          p_queue: string
          p_since?: string
        }
        Returns: number
      }
      register_tools: { Args: { p_names: string[] }; Returns: number }
      register_workflow: {
        Args: { p_path: string; p_tenant_id: string; p_workflow: string }
        Returns: {
          created_at: string
          id: string
          path: string
          registered_by: string
          removed_at: string | null
          tenant_id: string
          updated_at: string
          workflow: string
        }[]
        SetofOptions: {
          from: "*"
          to: "n8n_webhooks"
          isOneToOne: false
          isSetofReturn: true
        }
      }
      release_provision_holds: {
        Args: { p_tenant_id: string; p_vendors: string[] }
        Returns: string[]
      }
      remove_alert_target: {
        Args: { p_id: string }
        Returns: {
          address: string
          created_at: string
          created_by: string
          id: string
          kind: string
          name: string
          removed_at: string | null
        }[]
        SetofOptions: {
          from: "*"
          to: "alert_targets"
          isOneToOne: false
          isSetofReturn: true
        }
      }
      renew_tasks: {
        Args: { p_running: Json }
        Returns: {
          cancelled: boolean
          id: string
          lease_until: string
        }[]
      }
      report_worker: {
        Args: { p_id: string; p_resource_urls?: Json }
        Returns: undefined
      }
      request_adoption: {
        Args: { p_external_id: string; p_tenant_id: string; p_vendor: string }
        Returns: string
      }
      request_cancel: {
        Args: { p_run_id: string }
        Returns: {
          cancelled_at: string | null
          created_at: string
          event_id: number | null
          finished_at: string | null
          id: string
          request_id: string | null
          requested_by: string
          started_at: string | null
          state: string
          tenant_id: string
        }[]
        SetofOptions: {
          from: "*"
          to: "provision_runs"
          isOneToOne: false
          isSetofReturn: true
        }
      }
      request_cancels: {
        Args: {
          p_dry_run?: boolean
          p_error?: string
          p_since?: string
          p_vendor?: string
        }
        Returns: {
          remaining: number
          runs: number
        }[]
      }
      request_plan: {
        Args: { p_tenant_id: string; p_vendors: string[] }
        Returns: string
      }
      request_reconciliation: {
        Args: {
          p_after?: string
          p_repair?: boolean
          p_tenant_id?: string
          p_vendor?: string
        }
        Returns: string
      }
      request_removal: {
        Args: {
          p_request_id?: string
          p_tenant_id: string
          p_traceparent?: string
          p_vendors: string[]
        }
        Returns: {
          cancelled_at: string | null
          created_at: string
          event_id: number | null
          finished_at: string | null
          id: string
          request_id: string | null
          requested_by: string
          started_at: string | null
          state: string
          tenant_id: string
        }[]
        SetofOptions: {
          from: "*"
          to: "provision_runs"
          isOneToOne: false
          isSetofReturn: true
        }
      }
      request_retries: {
        Args: {
          p_dry_run?: boolean
          p_error?: string
          p_since?: string
          p_vendor?: string
        }
        Returns: {
          remaining: number
          runs: number
        }[]
      }
      request_retry: {
        Args: { p_run_id: string; p_traceparent?: string }
        Returns: {
          cancelled_at: string | null
          created_at: string
          event_id: number | null
          finished_at: string | null
          id: string
          request_id: string | null
          requested_by: string
          started_at: string | null
          state: string
          tenant_id: string
        }[]
        SetofOptions: {
          from: "*"
          to: "provision_runs"
          isOneToOne: false
          isSetofReturn: true
        }
      }
      request_services: {
        Args: {
          p_create_new?: boolean
          p_request_id?: string
          p_tenant_id: string
          p_traceparent?: string
          p_vendors: string[]
        }
        Returns: {
          cancelled_at: string | null
          created_at: string
          event_id: number | null
          finished_at: string | null
          id: string
          request_id: string | null
          requested_by: string
          started_at: string | null
          state: string
          tenant_id: string
        }[]
        SetofOptions: {
          from: "*"
          to: "provision_runs"
          isOneToOne: false
          isSetofReturn: true
        }
      }
      request_trigger: {
        Args: {
          p_delivery_id: string
          p_payload: Json
          p_tenant_id: string
          p_workflow: string
        }
        Returns: string
      }
      request_vendor_health: {
        Args: Record<PropertyKey, never>
        Returns: string
      }
      resolve_tenant: {
        Args: {
          p_business_name?: string
          p_id: string
          p_rut?: string
          p_services?: Json
        }
        Returns: {
          active: boolean
          botpress_workspace_id: string | null
          business_name: string
          chatwoot_inbox_id: number | null
          clerk_user_id: string
          created_at: string
          deleted_at: string | null
          id: string
          metabase_dashboard_id: string | null
          n8n_project_id: string | null
          odoo_company_id: number | null
          rut: string
          services_enabled: NonNullable<Json>
          updated_at: string
        }[]
        SetofOptions: {
          from: "*"
          to: "tenants"
          isOneToOne: false
          isSetofReturn: true
        }
      }
      retry_events: { Args: { p_tenants: string[] }; Returns: number }
      retry_provision_run: {
        Args: { p_run_id: string }
        Returns: {
          cancelled_at: string | null
          created_at: string
          event_id: number | null
          finished_at: string | null
          id: string
          request_id: string | null
          requested_by: string
          started_at: string | null
          state: string
          tenant_id: string
        }[]
        SetofOptions: {
          from: "*"
          to: "provision_runs"
          isOneToOne: false
          isSetofReturn: true
        }
      }
      retry_provision_runs: {
        Args: {
          p_dry_run?: boolean
          p_error?: string
          p_owner?: string
          p_since?: string
          p_vendor?: string
        }
        Returns: {
          remaining: number
          runs: number
        }[]
      }
      roll_up_calls: {
        Args: { p_at_most?: number }
        Returns: {
          hours: number
          more: boolean
        }[]
      }
      roll_up_health: {
        Args: { p_down_after?: number; p_up_after?: number }
        Returns: {
          days: number
          more: boolean
        }[]
      }
      save_alert_rule: {
        Args: { p_definition: Json }
        Returns: {
          created_at: string
          created_by: string
          definition: NonNullable<Json>
          id: string
          updated_at: string
        }[]
        SetofOptions: {
          from: "*"
          to: "alert_rules"
          isOneToOne: false
          isSetofReturn: true
        }
      }
      seal_audit: {
        Args: { p_at_most?: number }
        Returns: {
          hash: string
          hour: string
          rows: number
        }[]
      }
      search_creation: {
        Args: {
          p_claim: string
          p_doubt?: boolean
          p_gap: string
          p_task_id: string
        }
        Returns: {
          doubtful: boolean
          empty_searches: number
          id: string
          opened_at: string
          searched_at: string | null
          settled_as: string | null
          settled_at: string | null
          settled_by: string | null
          task_id: string | null
          tenant_id: string
          vendor: string
        }[]
        SetofOptions: {
          from: "*"
          to: "provision_intents"
          isOneToOne: false
          isSetofReturn: true
        }
      }
      search_invocations: {
        Args: {
          p_before?: string
          p_before_id?: string
          p_from?: string
          p_id?: string
          p_intents?: boolean
          p_limit?: number
          p_request_id?: string
          p_status?: string
          p_tenant?: string
          p_to?: string
          p_tool?: string
          p_user?: string
        }
        Returns: {
          args: string
          calls: number
          code: string
          created_at: string
          duration_ms: number
          held: boolean
          id: string
          recorded_by: string
          redacted: boolean
          request_id: string
          result: string
          success: boolean
          tenant_id: string
          tool: string
          trace_id: string
          transport: string
          user_id: string
        }[]
      }
      services_to_compare: {
        Args: {
          p_after?: string
          p_limit?: number
          p_owner?: string
          p_tenant_id?: string
          p_vendor?: string
        }
        Returns: {
          services: Json
          tenant_id: string
        }[]
      }
      set_tenant_active: {
        Args: { p_active: boolean; p_deprovision?: boolean; p_id: string }
        Returns: {
          active: boolean
          botpress_workspace_id: string | null
          business_name: string
          chatwoot_inbox_id: number | null
          clerk_user_id: string
          created_at: string
          deleted_at: string | null
          id: string
          metabase_dashboard_id: string | null
          n8n_project_id: string | null
          odoo_company_id: number | null
          rut: string
          services_enabled: NonNullable<Json>
          updated_at: string
        }[]
        SetofOptions: {
          from: "*"
          to: "tenants"
          isOneToOne: false
          isSetofReturn: true
        }
      }
      settle_creation: {
        Args: { p_as: string; p_claim: string; p_task_id: string }
        Returns: {
          doubtful: boolean
          empty_searches: number
          id: string
          opened_at: string
          searched_at: string | null
          settled_as: string | null
          settled_at: string | null
          settled_by: string | null
          task_id: string | null
          tenant_id: string
          vendor: string
        }[]
        SetofOptions: {
          from: "*"
          to: "provision_intents"
          isOneToOne: false
          isSetofReturn: true
        }
      }
      settle_event: {
        Args: { p_id: number; p_problem?: string }
        Returns: undefined
      }
      store_alert_pass: {
        Args: {
          p_incidents: Json
          p_notifications: Json
          p_rules: Json
          p_state: Json
          p_version: number
        }
        Returns: boolean
      }
      summarize_calls: {
        Args: {
          p_from: string
          p_step: number
          p_tenant?: string
          p_to: string
          p_tool?: string
          p_user?: string
        }
        Returns: Json
      }
      take_task: {
        Args: { p_id: string }
        Returns: {
          error: Json
          result: Json
          state: string
        }[]
      }
      test_alert_target: {
        Args: { p_id: string }
        Returns: {
          attempts: number
          created_at: string
          finished_at: string | null
          id: string
          kind: string
          last_error: string | null
          last_status: number | null
          next_attempt_at: string
          notification: string
          payload: NonNullable<Json>
          state: string
          target_id: string
        }[]
        SetofOptions: {
          from: "*"
          to: "alert_deliveries"
          isOneToOne: false
          isSetofReturn: true
        }
      }
      vendor_health: { Args: Record<PropertyKey, never>; Returns: Json }
      verify_seals: {
        Args: { p_after?: string; p_at_most?: number }
        Returns: {
          hash: string
          hour: string
          problem: string
        }[]
      }
      worker_silence: { Args: Record<PropertyKey, never>; Returns: number }
    }
    Enums: {
      [_ in never]: never
    }
    CompositeTypes: {
      [_ in never]: never
    }
  }
}

type DatabaseWithoutInternals = Omit<Database, "__InternalSupabase">

type DefaultSchema = DatabaseWithoutInternals[Extract<keyof Database, "public">]

export type Tables<
  DefaultSchemaTableNameOrOptions extends
    | keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends (DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
        DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])
    : never) = never,
> = DefaultSchemaTableNameOrOptions extends {
  schema: keyof DatabaseWithoutInternals
}
  ? (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
      DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])[TableName] extends {
      Row: infer R
    }
    ? R
    : never
  : DefaultSchemaTableNameOrOptions extends keyof (DefaultSchema["Tables"] &
        DefaultSchema["Views"])
    ? (DefaultSchema["Tables"] &
        DefaultSchema["Views"])[DefaultSchemaTableNameOrOptions] extends {
        Row: infer R
      }
      ? R
      : never
    : never

export type TablesInsert<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends (DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never) = never,
> = DefaultSchemaTableNameOrOptions extends {
  schema: keyof DatabaseWithoutInternals
}
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Insert: infer I
    }
    ? I
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
    ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
        Insert: infer I
      }
      ? I
      : never
    : never

export type TablesUpdate<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends (DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never) = never,
> = DefaultSchemaTableNameOrOptions extends {
  schema: keyof DatabaseWithoutInternals
}
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Update: infer U
    }
    ? U
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
    ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
        Update: infer U
      }
      ? U
      : never
    : never

export type Enums<
  DefaultSchemaEnumNameOrOptions extends
    | keyof DefaultSchema["Enums"]
    | { schema: keyof DatabaseWithoutInternals },
  EnumName extends (DefaultSchemaEnumNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"]
    : never) = never,
> = DefaultSchemaEnumNameOrOptions extends {
  schema: keyof DatabaseWithoutInternals
}
  ? DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"][EnumName]
  : DefaultSchemaEnumNameOrOptions extends keyof DefaultSchema["Enums"]
    ? DefaultSchema["Enums"][DefaultSchemaEnumNameOrOptions]
    : never

export type CompositeTypes<
  PublicCompositeTypeNameOrOptions extends
    | keyof DefaultSchema["CompositeTypes"]
    | { schema: keyof DatabaseWithoutInternals },
  CompositeTypeName extends (PublicCompositeTypeNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"]
    : never) = never,
> = PublicCompositeTypeNameOrOptions extends {
  schema: keyof DatabaseWithoutInternals
}
  ? DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"][CompositeTypeName]
  : PublicCompositeTypeNameOrOptions extends keyof DefaultSchema["CompositeTypes"]
    ? DefaultSchema["CompositeTypes"][PublicCompositeTypeNameOrOptions]
    : never

export const Constants = {
  public: {
    Enums: {},
  },
} as const
